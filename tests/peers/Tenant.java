// What an engine leaves to its program: where the metadata is, and the token that an assertion is traded for.

import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Element;

final class Tenant {
    static final String GRANT = "urn:ietf:params:oauth:grant-type:saml1_1-bearer";
    static final String DEVICE_REGISTRATION = "dd762716-544d-4aeb-a526-687b73838a22";

    /** Write an element as it stands in an engine's own document tree. */
    static String text(Element element) throws Exception {
        StringWriter text = new StringWriter();
        var writer = TransformerFactory.newInstance().newTransformer();
        writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        writer.transform(new DOMSource(element), new StreamResult(text));
        return text.toString();
    }

    /** Return where the identity provider's metadata is, by the user realm. */
    static String metadata(String login, String user) throws Exception {
        String realm = login + "/common/userrealm/" + encoded(user) + "?api-version=1.0";
        return member((HttpURLConnection) new URL(realm).openConnection(), "federation_metadata_url");
    }

    /** Trade an assertion for an access token; Entra's double verifies the signature. */
    static String traded(Element token, String login, String scope) throws Exception {
        String assertion = Base64.getEncoder().encodeToString(text(token).getBytes(StandardCharsets.UTF_8));
        String form = "grant_type=" + encoded(GRANT) + "&client_id=" + DEVICE_REGISTRATION
                + "&scope=" + encoded(scope) + "&assertion=" + encoded(assertion);
        var connection = (HttpURLConnection) new URL(login + "/organizations/oauth2/v2.0/token").openConnection();
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
        connection.getOutputStream().write(form.getBytes(StandardCharsets.US_ASCII));
        return member(connection, "access_token");
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** Return one text of a JSON answer. */
    private static String member(HttpURLConnection connection, String name) throws Exception {
        boolean good = connection.getResponseCode() == 200;
        var answer = good ? connection.getInputStream() : connection.getErrorStream();
        String said = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        if (!good) {
            throw new IllegalStateException(said);
        }
        return said.replaceFirst("(?s).*\"" + name + "\"\\s*:\\s*\"([^\"]+)\".*", "$1");
    }
}

import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** A verifier as many are written: the first token of the response, its own signature, the JDK's own XML signatures. */
public class Verify {
    static final String SAML = "urn:oasis:names:tc:SAML:1.0:assertion";
    static final String DSIG = XMLSignature.XMLNS;

    public static void main(String[] arguments) throws Exception {
        PublicKey key;
        try (InputStream stream = new FileInputStream(arguments[1])) {
            key = CertificateFactory.getInstance("X.509").generateCertificate(stream).getPublicKey();
        }
        Path folder = Path.of(arguments[0]);
        for (String line : Files.readAllLines(folder.resolve("vectors.tsv"), StandardCharsets.UTF_8)) {
            String name = line.split("\t")[0];
            System.out.println(name + "\t" + (accepts(folder.resolve(name).toFile(), key) ? "valid" : "invalid"));
        }
    }

    static boolean accepts(File file, PublicKey key) {
        try {
            Element assertion = token(read(file));
            Element signature = child(assertion, DSIG, "Signature");
            if (assertion == null || signature == null) {
                return false;
            }
            DOMValidateContext context = new DOMValidateContext(key, signature);
            context.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.TRUE);
            context.setIdAttributeNS(assertion, null, "AssertionID");
            XMLSignature read = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
            String wanted = "#" + assertion.getAttribute("AssertionID");
            for (Object reference : read.getSignedInfo().getReferences()) {
                if (!wanted.equals(((Reference) reference).getURI())) {
                    return false;
                }
            }
            return read.validate(context);
        } catch (Exception refusal) {
            return false;
        }
    }

    static Document read(File file) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(null);
        return builder.parse(file);
    }

    static Element token(Document document) {
        NodeList requested = document.getElementsByTagNameNS("*", "RequestedSecurityToken");
        return requested.getLength() == 0 ? null : child((Element) requested.item(0), SAML, "Assertion");
    }

    static Element child(Element parent, String space, String name) {
        for (Node node = parent == null ? null : parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (space.equals(node.getNamespaceURI()) && name.equals(node.getLocalName())) {
                return (Element) node;
            }
        }
        return null;
    }
}

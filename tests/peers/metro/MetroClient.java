// Metro's issued-token client, unchanged, as the computer whose ticket is in the cache: its policy engine reads the metadata,
// its WS-MetadataExchange asks for it by POST, and what it was given goes to Entra's token endpoint.

import com.sun.xml.ws.api.model.wsdl.WSDLBoundOperation;
import com.sun.xml.ws.api.model.wsdl.WSDLModel;
import com.sun.xml.ws.api.model.wsdl.WSDLPort;
import com.sun.xml.ws.api.model.wsdl.WSDLService;
import com.sun.xml.ws.api.policy.PolicyResolverFactory;
import com.sun.xml.ws.api.security.trust.client.IssuedTokenManager;
import com.sun.xml.ws.api.security.trust.client.STSIssuedTokenConfiguration;
import com.sun.xml.ws.api.server.Container;
import com.sun.xml.ws.api.streaming.XMLStreamReaderFactory;
import com.sun.xml.ws.api.wsdl.parser.WSDLParserExtension;
import com.sun.xml.ws.api.wsdl.parser.XMLEntityResolver;
import com.sun.xml.ws.mex.client.MetadataClient;
import com.sun.xml.ws.mex.client.schema.MetadataSection;
import com.sun.xml.ws.policy.Policy;
import com.sun.xml.ws.policy.PolicyMap;
import com.sun.xml.ws.security.trust.GenericToken;
import com.sun.xml.ws.security.trust.impl.client.DefaultSTSIssuedTokenConfiguration;
import java.io.StringReader;
import java.net.URL;
import java.util.Arrays;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;
import javax.xml.namespace.QName;
import org.w3c.dom.Element;

public final class MetroClient {
    static final String ENTRA = "urn:federation:MicrosoftOnline";
    static final String SAML_11 = "urn:oasis:names:tc:SAML:1.0:assertion";
    static final QName NEGOTIATE =
            new QName("http://schemas.microsoft.com/ws/06/2004/policy/http", "NegotiateAuthentication");
    static final Map<String, String> TRUSTS = Map.of(
            "1.3", STSIssuedTokenConfiguration.PROTOCOL_13, "2005", STSIssuedTokenConfiguration.PROTOCOL_10);
    static final Map<String, String> BEARERS = Map.of(
            "1.3", "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer",
            "2005", "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey");

    /** Ask for the WSDL by POST, and read it with all that Metro has for it, its policies among them. */
    static WSDLModel read(String mex) throws Exception {
        for (MetadataSection one : new MetadataClient().retrieveMetadata(mex).getMetadataSection()) {
            if (one.getAny() instanceof Element wsdl && wsdl.getLocalName().equals("definitions")) {
                var extensions = StreamSupport.stream(ServiceLoader.load(WSDLParserExtension.class).spliterator(), false);
                var parser = new XMLEntityResolver.Parser(new URL(mex), XMLStreamReaderFactory.create(mex, new StringReader(Tenant.text(wsdl)), false));
                return WSDLModel.WSDLParser.parse(parser, (publicId, systemId) -> null, true, Container.NONE,
                        PolicyResolverFactory.create(), extensions.toArray(WSDLParserExtension[]::new));
            }
        }
        throw new IllegalStateException("the metadata has no WSDL in it");
    }

    /** Return the address of the port whose policy asks for tickets, and whose operation has an action of this version. */
    static String portFor(WSDLModel wsdl, String trust) throws Exception {
        for (WSDLService service : wsdl.getServices().values()) {
            for (WSDLPort port : service.getPorts()) {
                Policy policy = wsdl.getPolicyMap().getEndpointEffectivePolicy(
                        PolicyMap.createWsdlEndpointScopeKey(service.getName(), port.getName()));
                if (policy == null || !policy.contains(NEGOTIATE)) {
                    continue;
                }
                for (WSDLBoundOperation one : port.getBinding().getBindingOperations()) {
                    if (one.getSOAPAction().startsWith(TRUSTS.get(trust))) {
                        return port.getAddress().toString();
                    }
                }
            }
        }
        throw new IllegalStateException("the metadata offers no port for tickets in WS-Trust " + trust);
    }

    static Element asked(String mex, String trust) throws Exception {
        var how = new DefaultSTSIssuedTokenConfiguration(TRUSTS.get(trust), portFor(read(mex), trust), mex);
        how.setTokenType(SAML_11);
        how.setKeyType(BEARERS.get(trust));
        IssuedTokenManager manager = IssuedTokenManager.getInstance();
        var context = manager.createIssuedTokenContext(how, ENTRA);
        manager.getIssuedToken(context);
        return (Element) ((GenericToken) context.getSecurityToken()).getTokenValue();
    }

    public static void main(String[] told) throws Exception {
        String login = told[0], user = told[1], scope = told[2];
        String published = Tenant.metadata(login, user);
        // Metro's own two addresses: a service's WSDL is got at ?wsdl, and its metadata asked for at /mex.
        String mex = published.replaceFirst("\\?wsdl$", "/mex");
        for (String trust : Arrays.copyOfRange(told, 3, told.length)) {
            System.out.println(Tenant.traded(asked(mex, trust), login, scope));
        }
    }
}

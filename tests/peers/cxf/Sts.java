// Apache CXF's STSClient, unchanged, asks for a token as the computer whose ticket is in the cache: its policy engine reads the
// metadata, by GET and by WS-MetadataExchange, and what it was given goes to Entra's token endpoint.

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.cxf.Bus;
import org.apache.cxf.BusFactory;
import org.apache.cxf.configuration.security.AuthorizationPolicy;
import org.apache.cxf.message.Message;
import org.apache.cxf.phase.AbstractPhaseInterceptor;
import org.apache.cxf.phase.Phase;
import org.apache.cxf.transport.http.HTTPConduit;
import org.apache.cxf.ws.addressing.EndpointReferenceType;
import org.apache.cxf.ws.addressing.EndpointReferenceUtils;
import org.apache.cxf.ws.addressing.MetadataType;
import org.apache.cxf.ws.policy.AbstractPolicyInterceptorProvider;
import org.apache.cxf.ws.policy.AssertionBuilderRegistry;
import org.apache.cxf.ws.policy.AssertionInfo;
import org.apache.cxf.ws.policy.AssertionInfoMap;
import org.apache.cxf.ws.policy.PolicyInterceptorProviderRegistry;
import org.apache.cxf.ws.policy.builder.primitive.PrimitiveAssertionBuilder;
import org.apache.cxf.ws.security.trust.STSClient;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

public final class Sts {
    static final String ENTRA = "urn:federation:MicrosoftOnline";
    static final String SAML_11 = "urn:oasis:names:tc:SAML:1.0:assertion";
    static final String MEX = "http://schemas.xmlsoap.org/ws/2004/09/mex";
    static final String UTILITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
    static final String ADDRESSING = "http://www.w3.org/2005/08/addressing";
    static final Map<String, String> TRUSTS = Map.of(
            "1.3", "http://docs.oasis-open.org/ws-sx/ws-trust/200512", "2005", "http://schemas.xmlsoap.org/ws/2005/02/trust");
    static final Map<String, String> BEARERS = Map.of(
            "1.3", "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer",
            "2005", "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey");

    static final QName NEGOTIATE =
            new QName("http://schemas.microsoft.com/ws/06/2004/policy/http", "NegotiateAuthentication");

    /** CXF's engine refuses a policy of which it cannot do a part; that Negotiate is done, by the conduit, is told it here. */
    static final class Negotiates extends AbstractPolicyInterceptorProvider {
        Negotiates() {
            super(NEGOTIATE);
            for (var interceptors : List.of(getOutInterceptors(), getInInterceptors(), getInFaultInterceptors())) {
                boolean out = interceptors == getOutInterceptors();
                interceptors.add(new AbstractPhaseInterceptor<Message>(out ? Phase.PRE_STREAM : Phase.PRE_PROTOCOL) {
                    @Override
                    public void handleMessage(Message message) {
                        for (AssertionInfo one : message.get(AssertionInfoMap.class).get(NEGOTIATE)) {
                            one.setAsserted(true);
                        }
                    }
                });
            }
        }

        static Bus taught(Bus bus) {
            bus.getExtension(AssertionBuilderRegistry.class).registerBuilder(new PrimitiveAssertionBuilder(Set.of(NEGOTIATE)));
            bus.getExtension(PolicyInterceptorProviderRegistry.class).register(new Negotiates());
            return bus;
        }
    }

    /** A port for tickets: CXF knows no NegotiateAuthentication, so somebody has to tell it which one that is. */
    record Port(QName service, QName name, String address) {}

    static Port portFor(Document wsdl, String action) {
        Set<String> policies = new HashSet<>();
        for (Element asks : each(wsdl, "NegotiateAuthentication")) {
            for (Element above = asks; above != null; above = above.getParentNode() instanceof Element up ? up : null) {
                policies.add("#" + above.getAttributeNS(UTILITY, "Id"));
            }
        }
        Set<String> bindings = new HashSet<>();
        for (Element binding : each(wsdl, "binding")) {
            boolean tickets = any(binding, "PolicyReference", "URI", policies);
            if (tickets && any(binding, "operation", "soapAction", Set.of(action))) {
                bindings.add(binding.getAttribute("name"));
            }
        }
        for (Element port : each(wsdl, "port")) {
            if (bindings.contains(port.getAttribute("binding").replaceFirst(".*:", ""))) {
                String space = wsdl.getDocumentElement().getAttribute("targetNamespace");
                String service = ((Element) port.getParentNode()).getAttribute("name");
                String address = ((Element) port.getElementsByTagNameNS("*", "address").item(0)).getAttribute("location");
                return new Port(new QName(space, service), new QName(space, port.getAttribute("name")), address);
            }
        }
        throw new IllegalStateException("the metadata offers no port for tickets with the action " + action);
    }

    static Iterable<Element> each(Document document, String name) {
        NodeList found = document.getElementsByTagNameNS("*", name);
        return () -> java.util.stream.IntStream.range(0, found.getLength()).mapToObj(at -> (Element) found.item(at)).iterator();
    }

    static boolean any(Element parent, String name, String attribute, Set<String> values) {
        NodeList found = parent.getElementsByTagNameNS("*", name);
        for (int at = 0; at < found.getLength(); at++) {
            if (values.contains(((Element) found.item(at)).getAttribute(attribute))) {
                return true;
            }
        }
        return false;
    }

    static STSClient client(String mex, String trust, boolean byMessage) throws Exception {
        DocumentBuilderFactory reader = DocumentBuilderFactory.newInstance();
        reader.setNamespaceAware(true);
        Port port = portFor(reader.newDocumentBuilder().parse(mex), TRUSTS.get(trust) + "/RST/Issue");
        STSClient client = new STSClient(Negotiates.taught(BusFactory.newInstance().createBus()));
        if (byMessage) {
            EndpointReferenceType reference = EndpointReferenceUtils.getEndpointReference(port.address());
            Document holder = reader.newDocumentBuilder().newDocument();
            Element metadata = holder.createElementNS(MEX, "mex:Metadata");
            Element section = holder.createElementNS(MEX, "mex:MetadataSection");
            Element link = holder.createElementNS(MEX, "mex:MetadataReference");
            Element address = holder.createElementNS(ADDRESSING, "wsa:Address");
            address.setTextContent(mex);
            metadata.appendChild(section).appendChild(link).appendChild(address);
            MetadataType held = new MetadataType();
            held.getAny().add(metadata);
            reference.setMetadata(held);
            client.setSoap12();
            client.configureViaEPR(reference, false);
        } else {
            client.setWsdlLocation(mex);
            client.setServiceQName(port.service());
            client.setEndpointQName(port.name());
        }
        client.setNamespace(TRUSTS.get(trust));
        client.setTokenType(SAML_11);
        client.setKeyType(BEARERS.get(trust));
        client.setSendKeyType(true);
        AuthorizationPolicy negotiate = new AuthorizationPolicy();
        negotiate.setAuthorizationType("Negotiate");
        negotiate.setAuthorization("com.sun.security.jgss.krb5.initiate");
        ((HTTPConduit) client.getClient().getConduit()).setAuthorization(negotiate);
        return client;
    }

    public static void main(String[] told) throws Exception {
        String login = told[0], user = told[1], scope = told[2];
        String mex = Tenant.metadata(login, user);
        String token = "";
        for (boolean byMessage : new boolean[] {false, true}) {
            for (String trust : Arrays.copyOfRange(told, 3, told.length)) {
                System.err.println("WS-Trust " + trust + ", metadata by " + (byMessage ? "POST" : "GET"));
                Element given = client(mex, trust, byMessage).requestSecurityToken(ENTRA).getToken();
                token = Tenant.traded(given, login, scope);
                System.out.println(token);
            }
        }
    }
}

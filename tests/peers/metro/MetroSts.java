// What stands around Metro's token service: TLS, Negotiate by JGSS, the computer's own values, a static MEX document.
// All that is answered to a RequestSecurityToken is Metro's. The environment says where and, in PEER_MISTAKE, what is wrong.

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import com.sun.xml.ws.api.security.trust.Claims;
import com.sun.xml.ws.api.security.trust.STSAttributeProvider;
import com.sun.xml.ws.api.security.trust.config.STSConfiguration;
import com.sun.xml.ws.api.security.trust.config.STSConfigurationProvider;
import com.sun.xml.ws.security.trust.WSTrustConstants;
import com.sun.xml.ws.security.trust.WSTrustVersion;
import com.sun.xml.ws.security.trust.impl.DefaultSTSConfiguration;
import com.sun.xml.ws.security.trust.impl.DefaultTrustSPMetadata;
import com.sun.xml.ws.security.trust.sts.BaseSTSImpl;
import com.sun.xml.wss.impl.callback.SignatureKeyCallback;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PrivilegedExceptionAction;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import javax.annotation.Resource;
import javax.naming.Context;
import javax.naming.PartialResultException;
import javax.naming.directory.InitialDirContext;
import javax.naming.directory.SearchControls;
import javax.naming.directory.SearchResult;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.xml.namespace.QName;
import javax.xml.transform.Source;
import javax.xml.ws.BindingType;
import javax.xml.ws.Endpoint;
import javax.xml.ws.Provider;
import javax.xml.ws.Service;
import javax.xml.ws.ServiceMode;
import javax.xml.ws.WebServiceContext;
import javax.xml.ws.WebServiceProvider;
import javax.xml.ws.handler.MessageContext;
import javax.xml.ws.soap.AddressingFeature;
import javax.xml.ws.soap.SOAPBinding;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.Oid;

public final class MetroSts {
    static final String ENTRA = "urn:federation:MicrosoftOnline";
    static final String SAML_11 = "urn:oasis:names:tc:SAML:1.0:assertion";

    static String told(String name) {
        return System.getenv("PEER_" + name);
    }

    static boolean wrong(String mistake) {
        return mistake.equals(told("MISTAKE"));
    }

    /** What the two versions share: Metro is told which one it speaks, and who showed a ticket. */
    abstract static class Sts extends BaseSTSImpl implements Provider<Source> {
        @Resource WebServiceContext context;

        Sts(WSTrustVersion version) {
            wstVer = version;
        }

        @Override
        protected MessageContext getMessageContext() {
            MessageContext message = context.getMessageContext();
            message.put(WSTrustConstants.WST_VERSION, wstVer);
            Subject who = new Subject(true, Set.of(context.getUserPrincipal()), Set.of(), Set.of());
            message.put("javax.security.auth.Subject", who);
            return message;
        }
    }

    @WebServiceProvider
    @ServiceMode(Service.Mode.PAYLOAD)
    @BindingType(SOAPBinding.SOAP12HTTP_BINDING)
    public static final class Sts13 extends Sts {
        public Sts13() {
            super(WSTrustVersion.WS_TRUST_13);
        }
    }

    @WebServiceProvider
    @ServiceMode(Service.Mode.PAYLOAD)
    @BindingType(SOAPBinding.SOAP12HTTP_BINDING)
    public static final class Sts2005 extends Sts {
        public Sts2005() {
            super(WSTrustVersion.WS_TRUST_10);
        }
    }

    /** Found by Metro through META-INF/services: one relying party, and the key that it signs with. */
    public static final class Configured implements STSConfigurationProvider {
        @Override
        public STSConfiguration getSTSConfiguration() {
            DefaultSTSConfiguration made = new DefaultSTSConfiguration();
            made.setType("com.sun.xml.ws.security.trust.impl.WSTrustContractImpl");
            made.setIssuer(told("ISSUER"));
            made.setIssuedTokenTimeout(3_600_000);
            DefaultTrustSPMetadata relyingParty = new DefaultTrustSPMetadata(ENTRA);
            relyingParty.setTokenType(SAML_11);
            made.addTrustSPMetadata(relyingParty, ENTRA);
            made.setCallbackHandler(asked -> {
                for (Callback one : asked) {
                    if (one instanceof SignatureKeyCallback key
                            && key.getRequest() instanceof SignatureKeyCallback.PrivKeyCertRequest request) {
                        request.setPrivateKey(signingKey);
                        request.setX509Certificate(signingCertificate);
                    }
                }
            });
            return made;
        }
    }

    /** Found by Metro through META-INF/services: what the directory says of the computer, as claims. */
    public static final class Claimed implements STSAttributeProvider {
        @Override
        public Map<QName, List<String>> getClaimedAttributes(
                Subject who, String appliesTo, String tokenType, Claims claims) {
            String account = who.getPrincipals().iterator().next().getName().replaceFirst("@.*", "");
            Map<String, byte[]> computer = computerNamed(account);
            String guid = Base64.getEncoder().encodeToString(computer.get("objectGUID"));
            String bigEndian = Base64.getEncoder().encodeToString(reversedFields(computer.get("objectGUID")));
            String sid = sidText(computer.get("objectSid"));
            Map<QName, List<String>> all = new LinkedHashMap<>();
            String device = "http://schemas.microsoft.com/ws/2012/01";
            claim(all, wrong("accounttype-namespace") ? device + "/identity/claims" : device, "accounttype",
                    wrong("accounttype-user") ? "User" : "DJ");
            if (!wrong("no-onpremobjectguid")) {
                claim(all, "http://schemas.microsoft.com/identity/claims", "onpremobjectguid",
                        wrong("big-endian-guid") ? bigEndian : guid);
            }
            claim(all, "http://schemas.microsoft.com/ws/2008/06/identity/claims", "primarysid",
                    wrong("group-sid") ? sid.replaceFirst("-\\d+$", "-515") : sid);
            claim(all, "http://schemas.microsoft.com/LiveID/Federation/2008/05", "ImmutableID", guid);
            claim(all, "", STSAttributeProvider.NAME_IDENTIFIER, guid);
            return all;
        }

        private static void claim(Map<QName, List<String>> all, String namespace, String name, String value) {
            all.put(new QName(namespace, name), new ArrayList<>(List.of(value))); // Metro writes into the lists
        }

        private static Map<String, byte[]> computerNamed(String account) {
            Hashtable<String, String> how = new Hashtable<>();
            how.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
            how.put(Context.PROVIDER_URL, told("LDAP_URL"));
            how.put(Context.SECURITY_PRINCIPAL, told("LDAP_USER"));
            how.put("java.naming.ldap.attributes.binary", "objectGUID objectSid");
            try {
                how.put(Context.SECURITY_CREDENTIALS, Files.readString(Path.of(told("LDAP_PASSWORD_FILE"))).strip());
                InitialDirContext directory = new InitialDirContext(how);
                SearchControls wanted = new SearchControls();
                wanted.setSearchScope(SearchControls.SUBTREE_SCOPE);
                var found = directory.search(told("LDAP_BASE"), "(&(objectClass=computer)(sAMAccountName={0}))",
                        new Object[] {account}, wanted);
                SearchResult computer = found.next();
                Map<String, byte[]> values = new LinkedHashMap<>();
                for (String name : List.of("objectGUID", "objectSid")) {
                    values.put(name, (byte[]) computer.getAttributes().get(name).get());
                }
                directory.close();
                return values;
            } catch (PartialResultException nobody) { // how JNDI ends a search that found nothing but referrals
                throw new IllegalStateException("no computer is called " + account);
            } catch (Exception trouble) {
                throw new IllegalStateException("the directory could not be asked", trouble);
            }
        }

        private static byte[] reversedFields(byte[] guid) {
            byte[] turned = guid.clone();
            for (int[] pair : new int[][] {{0, 3}, {1, 2}, {4, 5}, {6, 7}}) {
                turned[pair[0]] = guid[pair[1]];
                turned[pair[1]] = guid[pair[0]];
            }
            return turned;
        }

        private static String sidText(byte[] sid) {
            StringBuilder text = new StringBuilder("S-1-").append(sid[7]);
            for (int at = 8; at < sid.length; at += 4) {
                long part = 0;
                for (int octet = 3; octet >= 0; octet--) {
                    part = part << 8 | sid[at + octet] & 0xff;
                }
                text.append('-').append(part);
            }
            return text.toString();
        }
    }

    /** Negotiate by JGSS, with the keytab's key; one leg, as Kerberos in SPNEGO has. */
    static final class Negotiate extends Authenticator {
        private final Subject service;

        Negotiate(Subject service) {
            this.service = service;
        }

        @Override
        public Result authenticate(HttpExchange exchange) {
            String shown = exchange.getRequestHeaders().getFirst("Authorization");
            exchange.getResponseHeaders().set("WWW-Authenticate", "Negotiate");
            if (shown == null || !shown.startsWith("Negotiate ")) {
                return new Retry(401);
            }
            try {
                Accepted caller = Accepted.of(service, shown);
                exchange.getResponseHeaders().set("WWW-Authenticate", caller.challenge());
                if (caller.name() == null) {
                    return new Retry(401);
                }
                String name = caller.name();
                return new Success(new HttpPrincipal(name.replaceFirst("@.*", ""), name.replaceFirst(".*@", "")) {
                    @Override
                    public String getName() { // HttpPrincipal's own is "REALM:name"
                        return name;
                    }
                });
            } catch (Exception refused) { // not base64, no ticket of ours, a replay: JGSS says which
                return new Retry(401);
            }
        }
    }

    /** What JGSS made of a caller's token: its name, where it is known now, and what it is answered. */
    record Accepted(String name, String challenge) {
        static Accepted of(Subject service, String shown) throws Exception {
            byte[] token = Base64.getDecoder().decode(shown.substring("Negotiate ".length()).strip());
            return Subject.doAs(service, (PrivilegedExceptionAction<Accepted>) () -> of(token));
        }

        private static Accepted of(byte[] token) throws GSSException {
            GSSManager manager = GSSManager.getInstance();
            Oid[] mechanisms = {new Oid("1.3.6.1.5.5.2"), new Oid("1.2.840.113554.1.2.2")};
            GSSCredential own = manager.createCredential(
                    null, GSSCredential.INDEFINITE_LIFETIME, mechanisms, GSSCredential.ACCEPT_ONLY);
            GSSContext context = manager.createContext(own);
            byte[] answer = context.acceptSecContext(token, 0, token.length);
            String text = answer == null ? "Negotiate" : "Negotiate " + Base64.getEncoder().encodeToString(answer);
            return new Accepted(context.isEstablished() ? context.getSrcName().toString() : null, text);
        }
    }

    static PrivateKey signingKey;
    static X509Certificate signingCertificate;

    static KeyStore opened(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream octets = Files.newInputStream(Path.of(told("FOLDER"), name))) {
            store.load(octets, "peer".toCharArray());
        }
        return store;
    }

    static void signs() throws Exception {
        KeyStore signing = opened("signing.p12");
        signingKey = (PrivateKey) signing.getKey("peer", "peer".toCharArray());
        signingCertificate = (X509Certificate) signing.getCertificate("peer");
    }

    static Subject serviceAccount() throws Exception {
        Map<String, String> options = Map.of("useKeyTab", "true", "keyTab", told("KEYTAB"), "storeKey", "true",
                "principal", "HTTP/" + told("HOST"), "isInitiator", "false", "doNotPrompt", "true");
        AppConfigurationEntry entry = new AppConfigurationEntry("com.sun.security.auth.module.Krb5LoginModule",
                AppConfigurationEntry.LoginModuleControlFlag.REQUIRED, options);
        LoginContext login = new LoginContext("service", new Subject(), null, new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return new AppConfigurationEntry[] {entry};
            }
        });
        login.login();
        return login.getSubject();
    }

    static void document(HttpExchange exchange) {
        try (exchange) {
            byte[] mex = Files.readAllBytes(Path.of(told("MEX")));
            boolean asked = exchange.getRequestMethod().equals("GET");
            exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
            exchange.sendResponseHeaders(asked ? 200 : 405, asked ? mex.length : -1);
            if (asked) {
                exchange.getResponseBody().write(mex);
            }
        } catch (java.io.IOException gone) {
            System.err.println(gone);
        }
    }

    public static void main(String[] none) throws Exception {
        signs();
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(opened("tls.p12"), "peer".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        InetSocketAddress here = new InetSocketAddress(told("ADDRESS"), Integer.parseInt(told("PORT")));
        HttpsServer server = HttpsServer.create(here, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/sts/mex", MetroSts::document);
        Negotiate negotiate = new Negotiate(serviceAccount());
        Map<String, Provider<Source>> doors = Map.of("13", new Sts13(), "2005", new Sts2005());
        for (Map.Entry<String, Provider<Source>> door : doors.entrySet()) {
            HttpContext context = server.createContext("/sts/" + door.getKey() + "/windowstransport");
            context.setAuthenticator(negotiate);
            AddressingFeature addressing = new AddressingFeature(true, false);
            Endpoint.create(SOAPBinding.SOAP12HTTP_BINDING, door.getValue(), addressing).publish(context);
        }
        server.start();
    }
}

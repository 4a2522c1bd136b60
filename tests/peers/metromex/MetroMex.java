// Metro's token service as it is deployed: in a servlet container, given a WSDL, which it publishes itself: by GET of
// ?wsdl, and by WS-MetadataExchange at an address of its own. TLS, Negotiate and the claims are those of MetroSts.java.

import com.sun.xml.ws.policy.PolicyAssertion;
import com.sun.xml.ws.policy.spi.PolicyAssertionValidator;
import com.sun.xml.ws.transport.http.servlet.WSServlet;
import com.sun.xml.ws.transport.http.servlet.WSServletContextListener;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Principal;
import javax.security.auth.Subject;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletRequestWrapper;
import javax.servlet.http.HttpServletResponse;
import javax.xml.namespace.QName;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

public final class MetroMex {
    /** Found by Metro through META-INF/services: its engine deploys no policy of which it does not know that somebody keeps it. */
    public static final class Negotiates implements PolicyAssertionValidator {
        static final QName NEGOTIATE =
                new QName("http://schemas.microsoft.com/ws/06/2004/policy/http", "NegotiateAuthentication");

        @Override
        public Fitness validateClientSide(PolicyAssertion one) {
            return NEGOTIATE.equals(one.getName()) ? Fitness.SUPPORTED : Fitness.UNKNOWN;
        }

        @Override
        public Fitness validateServerSide(PolicyAssertion one) {
            return validateClientSide(one);
        }

        @Override
        public String[] declareSupportedDomains() {
            return new String[] {NEGOTIATE.getNamespaceURI()};
        }
    }

    /** Asks for a ticket before anything is posted to the token service; what is only read is free, as metadata is. */
    record Tickets(Subject service) implements Filter {
        @Override
        public void doFilter(ServletRequest asked, ServletResponse given, FilterChain chain)
                throws IOException, ServletException {
            HttpServletRequest request = (HttpServletRequest) asked;
            HttpServletResponse response = (HttpServletResponse) given;
            if (MetroSts.wrong("metadata-by-post") && "wsdl".equals(request.getQueryString())) {
                atMetadataEndpoint(request, response);
                return;
            }
            if (!request.getMethod().equals("POST") || request.getRequestURI().endsWith("/mex")) {
                chain.doFilter(asked, given);
                return;
            }
            String shown = request.getHeader("Authorization"), challenge = "Negotiate", name = null;
            if (shown != null && shown.startsWith("Negotiate ")) {
                try {
                    MetroSts.Accepted caller = MetroSts.Accepted.of(service, shown);
                    challenge = caller.challenge();
                    name = caller.name();
                } catch (Exception refused) { // not base64, no ticket of ours, a replay: JGSS says which
                    name = null;
                }
            }
            response.setHeader("WWW-Authenticate", challenge);
            if (name == null) {
                response.sendError(401);
                return;
            }
            String known = name;
            chain.doFilter(new HttpServletRequestWrapper(request) {
                @Override
                public Principal getUserPrincipal() {
                    return () -> known;
                }
            }, response);
        }
    }

    /** Let Metro's own metadata endpoint answer, as where somebody publishes its address: it is made for who asks by POST. */
    static void atMetadataEndpoint(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        request.getRequestDispatcher(request.getRequestURI() + "/mex").forward(new HttpServletRequestWrapper(request) {
            @Override
            public String getQueryString() {
                return null;
            }
        }, response);
    }

    static Connector door() {
        Connector door = new Connector();
        door.setProperty("address", MetroSts.told("ADDRESS"));
        door.setPort(Integer.parseInt(MetroSts.told("PORT")));
        door.setScheme("https");
        door.setSecure(true);
        door.setProperty("SSLEnabled", "true");
        door.setProperty("maxHttpHeaderSize", "65536"); // a ticket with a PAC is longer than a header is thought to be
        SSLHostConfig tls = new SSLHostConfig();
        SSLHostConfigCertificate own = new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.UNDEFINED);
        own.setCertificateKeystoreFile(Path.of(MetroSts.told("FOLDER"), "tls.p12").toString());
        own.setCertificateKeystoreType("PKCS12");
        own.setCertificateKeystorePassword("peer");
        tls.addCertificate(own);
        door.addSslHostConfig(tls);
        return door;
    }

    public static void main(String[] none) throws Exception {
        MetroSts.signs();
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Path.of(MetroSts.told("FOLDER"), "tomcat").toString());
        tomcat.setConnector(door());
        Context context = tomcat.addContext("", Path.of(MetroSts.told("FOLDER"), "web").toString());
        context.addApplicationListener(WSServletContextListener.class.getName());
        FilterDef tickets = new FilterDef();
        tickets.setFilterName("tickets");
        tickets.setFilter(new Tickets(MetroSts.serviceAccount()));
        context.addFilterDef(tickets);
        FilterMap everywhere = new FilterMap();
        everywhere.setFilterName("tickets");
        everywhere.addURLPattern("/*");
        context.addFilterMap(everywhere);
        Tomcat.addServlet(context, "metro", new WSServlet()).setLoadOnStartup(1);
        context.addServletMappingDecoded("/sts/*", "metro");
        tomcat.start();
        if (!context.getState().isAvailable()) {
            System.exit(1); // Tomcat would go on without what it could not deploy
        }
        tomcat.getServer().await();
    }
}

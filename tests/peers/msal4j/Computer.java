// MSAL for Java, unchanged, signs in as the computer whose ticket is in the cache: realm, metadata, Negotiate, token, grant.

import com.microsoft.aad.msal4j.IntegratedWindowsAuthenticationParameters;
import com.microsoft.aad.msal4j.PublicClientApplication;
import java.util.Set;

public final class Computer {
    public static void main(String[] told) throws Exception {
        String client = told[0], authority = told[1], scope = told[2], user = told[3];
        var application = PublicClientApplication.builder(client).authority(authority).instanceDiscovery(false).build();
        var asked = IntegratedWindowsAuthenticationParameters.builder(Set.of(scope), user).build();
        System.out.println(application.acquireToken(asked).get().accessToken());
    }
}

// MSAL for Java, unchanged, signs in as the person whose ticket is in the cache, each time that a line comes; it says how long it took.

import com.microsoft.aad.msal4j.IntegratedWindowsAuthenticationParameters;
import com.microsoft.aad.msal4j.PublicClientApplication;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.util.Set;

public final class Warm {
    public static void main(String[] told) throws Exception {
        String client = told[0], authority = told[1], scope = told[2], user = told[3];
        var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        var lines = new BufferedReader(new InputStreamReader(System.in));
        while (lines.readLine() != null) {
            long wall = System.nanoTime(), cpu = machine.getProcessCpuTime();
            // A new application each time: it keeps what it got, and would ask nobody again.
            var application = PublicClientApplication.builder(client).authority(authority).instanceDiscovery(false).build();
            var asked = IntegratedWindowsAuthenticationParameters.builder(Set.of(scope), user).build();
            int letters = application.acquireToken(asked).get().accessToken().length();
            System.out.println((System.nanoTime() - wall) + " " + (machine.getProcessCpuTime() - cpu) + " " + letters);
        }
    }
}

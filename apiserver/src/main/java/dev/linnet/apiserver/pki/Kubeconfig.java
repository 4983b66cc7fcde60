package dev.linnet.apiserver.pki;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/** Writes the file that lets clients in. */
public final class Kubeconfig {
    private Kubeconfig() {}

    /** Readable for its owner only: it holds the token. */
    public static void write(Path file, String url, ServerIdentity identity) {
        String ca = Base64.getEncoder().encodeToString(identity.caPem().getBytes(StandardCharsets.US_ASCII));
        PrivateFile.write(file, """
                apiVersion: v1
                kind: Config
                current-context: linnet
                clusters:
                - name: linnet
                  cluster:
                    server: %s
                    certificate-authority-data: %s
                users:
                - name: linnet-admin
                  user:
                    token: %s
                contexts:
                - name: linnet
                  context:
                    cluster: linnet
                    user: linnet-admin
                """.formatted(url, ca, identity.adminToken()));
    }
}

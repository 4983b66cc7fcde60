package dev.linnet.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** One self-signed ECDSA certificate for all proxies: {@code tls.crt}, {@code tls.key}, and both in {@code tls.pem}. */
final class Certificate {
    private Certificate() {}

    static void write(Path folder) throws IOException, InterruptedException {
        Path certificate = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        Commands.run(
                Duration.ofMinutes(1),
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=app.example.com",
                "-addext",
                "subjectAltName=DNS:app.example.com",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString());
        Files.writeString(folder.resolve("tls.pem"), Files.readString(certificate) + Files.readString(key));
    }
}

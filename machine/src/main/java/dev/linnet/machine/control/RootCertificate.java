package dev.linnet.machine.control;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** Whom clients of an API must trust to know that it is that API. */
public final class RootCertificate {
    private RootCertificate() {}

    /** As PEM; empty where the API's certificate is one that everybody trusts. */
    public static Optional<String> of(Config api) {
        if (api.getCaCertData() != null) {
            byte[] pem = Base64.getMimeDecoder().decode(api.getCaCertData());
            return Optional.of(new String(pem, StandardCharsets.US_ASCII));
        }
        return api.getCaCertFile() == null ? Optional.empty() : Optional.of(read(Path.of(api.getCaCertFile())));
    }

    private static String read(Path certificate) {
        try {
            return Files.readString(certificate, StandardCharsets.US_ASCII);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the API's CA certificate " + certificate, failure);
        }
    }
}

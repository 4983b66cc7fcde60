package dev.linnet.controller.metrics.aws;

import dev.linnet.controller.fetch.Ask;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 of requests without a query.
 *
 * @param service {@code monitoring}
 */
public record Signature(AwsIdentity identity, String region, String service) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int DATE_LENGTH = 8;

    /** The request with the headers that prove who asks. */
    public Ask sign(Ask ask, Instant now) {
        String time = TIME.format(now);
        Ask dated = ask.with("X-Amz-Date", time);
        if (identity.session().isPresent()) {
            String token = identity.session().get().reveal();
            dated = dated.withSecret("X-Amz-Security-Token", "", token);
        }
        SortedMap<String, String> headers = headers(dated);
        String names = String.join(";", headers.keySet());
        String date = time.substring(0, DATE_LENGTH);
        String scope = date + "/" + region + "/" + service + "/aws4_request";
        String toSign = ALGORITHM + "\n" + time + "\n" + scope + "\n" + hash(canonical(dated, headers, names));
        String signature = HexFormat.of().formatHex(hmac(key(date), toSign));
        return dated.with(
                "Authorization",
                ALGORITHM + " Credential=" + identity.keyId() + "/" + scope + ", SignedHeaders=" + names
                        + ", Signature=" + signature);
    }

    private static SortedMap<String, String> headers(Ask ask) {
        SortedMap<String, String> headers = new TreeMap<>();
        for (Map.Entry<String, List<String>> header : ask.headers().entrySet()) {
            headers.put(header.getKey().toLowerCase(Locale.ROOT), String.join(",", header.getValue()));
        }
        String port = ask.url().getPort() < 0 ? "" : ":" + ask.url().getPort();
        headers.put("host", ask.url().getHost() + port);
        return headers;
    }

    private static String canonical(Ask ask, SortedMap<String, String> headers, String names) {
        StringBuilder canonical = new StringBuilder(ask.body().isEmpty() ? "GET" : "POST")
                .append('\n')
                .append(ask.url().getRawPath().isEmpty() ? "/" : ask.url().getRawPath())
                .append("\n\n");
        headers.forEach((name, value) ->
                canonical.append(name).append(':').append(value.strip()).append('\n'));
        return canonical
                .append('\n')
                .append(names)
                .append('\n')
                .append(hash(ask.body().orElse("")))
                .toString();
    }

    private byte[] key(String date) {
        byte[] key = ("AWS4" + identity.key().reveal()).getBytes(StandardCharsets.UTF_8);
        for (String part : List.of(date, region, service, "aws4_request")) {
            key = hmac(key, part);
        }
        return key;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}

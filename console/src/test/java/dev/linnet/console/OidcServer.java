package dev.linnet.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A small OpenID Connect provider at which Ann is signed in already, and which can be told to cheat. */
final class OidcServer implements AutoCloseable {
    static final String CLIENT = "linnet";
    static final String ANN = "ann@example.com";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LIFE = 120;

    private final HttpServer server;
    private final InstantSource clock;
    private final KeyPair rsa = pair("RSA");
    private final KeyPair ec = pair("EC");
    private final KeyPair strangers = pair("RSA");
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final Map<String, Instant> issued = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile Trick trick = Trick.NONE;
    private volatile String algorithm = "RS256";
    private volatile boolean renews;

    /** What may be wrong with a token. */
    enum Trick {
        NONE,
        OTHER_NONCE,
        OTHER_AUDIENCE,
        OTHER_PARTY,
        OTHER_ISSUER,
        OTHER_KEY,
        NO_SIGNATURE,
        SIGNED_WITH_THE_PUBLIC_KEY,
        EXPIRED
    }

    OidcServer(InstantSource clock) throws IOException {
        this.clock = clock;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext(
                "/.well-known/openid-configuration",
                exchange -> send(
                        exchange,
                        200,
                        Map.of(
                                "issuer",
                                issuer().toString(),
                                "authorization_endpoint",
                                issuer() + "/authorize?tenant=1",
                                "token_endpoint",
                                issuer() + "/token",
                                "jwks_uri",
                                issuer() + "/keys")));
        server.createContext("/keys", exchange -> send(exchange, 200, Map.of("keys", List.of(rsaKey(), ecKey()))));
        server.createContext("/authorize", this::authorize);
        server.createContext("/token", this::token);
        server.start();
    }

    URI issuer() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** From now on. */
    void plays(Trick next) {
        trick = next;
    }

    void signsWith(String next) {
        algorithm = next;
    }

    /** Gives refresh tokens. */
    void renews(boolean is) {
        renews = is;
    }

    /** Whether it has made this token, and it is good now: what an API asks that trusts it. */
    boolean knows(String token) {
        return Optional.ofNullable(issued.get(token))
                .filter(until -> until.isAfter(clock.instant()))
                .isPresent();
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> asked = fields(exchange.getRequestURI().getRawQuery());
        boolean fine = asked.getOrDefault("response_type", "").equals("code")
                && asked.getOrDefault("client_id", "").equals(CLIENT)
                && asked.getOrDefault("scope", "").contains("openid")
                && asked.getOrDefault("code_challenge_method", "").equals("S256");
        if (!fine) {
            send(exchange, 400, Map.of("error", "invalid_request"));
            return;
        }
        String code = "code-" + count.incrementAndGet();
        codes.put(code, asked);
        exchange.getResponseHeaders()
                .set(
                        "Location",
                        asked.get("redirect_uri") + "?code=" + code + "&iss="
                                + URLEncoder.encode(issuer().toString(), StandardCharsets.UTF_8) + "&state="
                                + asked.get("state"));
        exchange.sendResponseHeaders(303, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> sent = fields(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        boolean secret = ("Basic "
                        + Base64.getEncoder().encodeToString((CLIENT + ":s3cret").getBytes(StandardCharsets.UTF_8)))
                .equals(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!secret) {
            send(exchange, 401, Map.of("error", "invalid_client"));
            return;
        }
        if (sent.getOrDefault("grant_type", "").equals("refresh_token")) {
            send(exchange, renews ? 200 : 400, renews ? tokens("") : Map.of("error", "invalid_grant"));
            return;
        }
        Map<String, String> asked =
                Optional.ofNullable(codes.remove(sent.getOrDefault("code", ""))).orElseGet(Map::of);
        boolean fine = asked.getOrDefault("redirect_uri", "none").equals(sent.get("redirect_uri"))
                && asked.getOrDefault("code_challenge", "none")
                        .equals(encoded(sha256(sent.getOrDefault("code_verifier", ""))));
        send(
                exchange,
                fine ? 200 : 400,
                fine ? tokens(asked.getOrDefault("nonce", "")) : Map.of("error", "invalid_grant"));
    }

    private Map<String, Object> tokens(String nonce) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("token_type", "Bearer");
        all.put("access_token", "not-of-interest");
        all.put("id_token", idToken(nonce));
        if (renews) {
            all.put("refresh_token", "refresh-" + count.incrementAndGet());
        }
        return all;
    }

    private String idToken(String nonce) {
        Instant now = clock.instant();
        Instant expires = now.plusSeconds(trick == Trick.EXPIRED ? -LIFE : LIFE);
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", trick == Trick.OTHER_ISSUER ? "https://evil.example" : issuer().toString());
        claims.put("sub", "4711");
        claims.put(
                "aud",
                switch (trick) {
                    case OTHER_AUDIENCE -> "somebody-else";
                    case OTHER_PARTY -> List.of(CLIENT, "somebody-else");
                    default -> List.of(CLIENT);
                });
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", expires.getEpochSecond());
        claims.put("jti", count.incrementAndGet());
        claims.put("email", ANN);
        if (!nonce.isEmpty()) {
            claims.put("nonce", trick == Trick.OTHER_NONCE ? "of-another-login" : nonce);
        }
        String token = signed(claims);
        issued.put(token, expires);
        return token;
    }

    private String signed(Map<String, Object> claims) {
        String named = switch (trick) {
            case NO_SIGNATURE -> "none";
            case SIGNED_WITH_THE_PUBLIC_KEY -> "HS256";
            default -> algorithm;
        };
        String key = named.equals("ES256") ? "ec" : "rsa";
        String text = encoded(json(Map.of("alg", named, "kid", key))) + "." + encoded(json(claims));
        try {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            return text + "."
                    + encoded(
                            switch (named) {
                                case "none" -> new byte[0];
                                case "HS256" -> hmac(bytes);
                                case "ES256" -> sign("SHA256withECDSAinP1363Format", ec, bytes);
                                default -> sign("SHA256withRSA", trick == Trick.OTHER_KEY ? strangers : rsa, bytes);
                            });
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] hmac(byte[] text) throws GeneralSecurityException {
        javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
        mac.init(new javax.crypto.spec.SecretKeySpec(rsa.getPublic().getEncoded(), "HmacSHA256"));
        return mac.doFinal(text);
    }

    private static byte[] sign(String how, KeyPair key, byte[] text) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(how);
        signature.initSign(key.getPrivate());
        signature.update(text);
        return signature.sign();
    }

    private Map<String, String> rsaKey() {
        RSAPublicKey key = (RSAPublicKey) rsa.getPublic();
        return Map.of(
                "kty",
                "RSA",
                "use",
                "sig",
                "kid",
                "rsa",
                "n",
                number(key.getModulus()),
                "e",
                number(key.getPublicExponent()));
    }

    private Map<String, String> ecKey() {
        ECPublicKey key = (ECPublicKey) ec.getPublic();
        return Map.of(
                "kty",
                "EC",
                "crv",
                "P-256",
                "kid",
                "ec",
                "x",
                number(key.getW().getAffineX()),
                "y",
                number(key.getW().getAffineY()));
    }

    private static String number(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return encoded(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private static KeyPair pair(String kind) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            if (kind.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] json(Map<String, ?> fields) {
        try {
            return JSON.writeValueAsBytes(fields);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> fields(String encoded) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            fields.put(
                    pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static void send(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        byte[] bytes = json(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

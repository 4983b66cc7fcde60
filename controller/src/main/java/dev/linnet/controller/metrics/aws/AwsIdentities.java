package dev.linnet.controller.metrics.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.linnet.controller.fetch.Ask;
import dev.linnet.controller.fetch.Fetch;
import dev.linnet.controller.fetch.NoReply;
import dev.linnet.controller.fetch.Reply;
import dev.linnet.routing.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who this process is for AWS, found where Pods have it: in the environment, by the token of a ServiceAccount (STS), or from the agent of
 * EKS Pod Identity and ECS. Kept until shortly before it expires. The rights of the machine below (IMDS) are not borrowed.
 */
public final class AwsIdentities {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration RENEWED_BEFORE = Duration.ofMinutes(5);
    private static final String ECS_AGENT = "http://169.254.170.2";

    private final Fetch fetch;
    private final InstantSource clock;
    private final Map<String, String> env;
    private Optional<AwsIdentity> known = Optional.empty();

    /** @param env of this process */
    public AwsIdentities(Fetch fetch, InstantSource clock, Map<String, String> env) {
        this.fetch = fetch;
        this.clock = clock;
        this.env = Map.copyOf(env);
    }

    /** @throws NoIdentity with what was looked for */
    public synchronized AwsIdentity identity(String region) throws NoIdentity, InterruptedException {
        Instant soon = clock.instant().plus(RENEWED_BEFORE);
        if (known.isEmpty() || known.get().expires().isBefore(soon)) {
            known = Optional.of(find(region));
        }
        return known.get();
    }

    private AwsIdentity find(String region) throws NoIdentity, InterruptedException {
        if (has("AWS_ACCESS_KEY_ID") && has("AWS_SECRET_ACCESS_KEY")) {
            return new AwsIdentity(
                    value("AWS_ACCESS_KEY_ID"),
                    Secret.of(value("AWS_SECRET_ACCESS_KEY")),
                    Optional.ofNullable(env.get("AWS_SESSION_TOKEN")).map(Secret::of),
                    Instant.MAX);
        }
        if (has("AWS_ROLE_ARN") && has("AWS_WEB_IDENTITY_TOKEN_FILE")) {
            return ofServiceAccount(region);
        }
        if (has("AWS_CONTAINER_CREDENTIALS_FULL_URI") || has("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
            return ofAgent();
        }
        throw new NoIdentity("no credentials of AWS (expected: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the"
                + " controller's environment, an IAM role for its ServiceAccount, or EKS Pod Identity)");
    }

    private boolean has(String name) {
        return !env.getOrDefault(name, "").isBlank();
    }

    private String value(String name) {
        return env.getOrDefault(name, "").strip();
    }

    private AwsIdentity ofServiceAccount(String region) throws NoIdentity, InterruptedException {
        String token = file(value("AWS_WEB_IDENTITY_TOKEN_FILE"));
        String form = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" + encoded(value("AWS_ROLE_ARN"))
                + "&RoleSessionName=" + encoded(env.getOrDefault("AWS_ROLE_SESSION_NAME", "linnet"))
                + "&WebIdentityToken=" + encoded(token);
        String sts = env.getOrDefault("AWS_ENDPOINT_URL_STS", "https://sts." + region + ".amazonaws.com/");
        String answer = answer(Ask.post(URI.create(sts), "application/x-www-form-urlencoded", form)
                .hiding(token));
        return new AwsIdentity(
                element(answer, "AccessKeyId"),
                Secret.of(element(answer, "SecretAccessKey")),
                Optional.of(Secret.of(element(answer, "SessionToken"))),
                time(element(answer, "Expiration")));
    }

    private AwsIdentity ofAgent() throws NoIdentity, InterruptedException {
        String url = has("AWS_CONTAINER_CREDENTIALS_FULL_URI")
                ? value("AWS_CONTAINER_CREDENTIALS_FULL_URI")
                : ECS_AGENT + value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        Ask ask = Ask.get(URI.create(url));
        String token = has("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
                ? file(value("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"))
                : value("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        String answer = answer(token.isEmpty() ? ask : ask.withSecret("Authorization", "", token));
        try {
            JsonNode keys = JSON.readTree(answer);
            return new AwsIdentity(
                    keys.path("AccessKeyId").asText(),
                    Secret.of(keys.path("SecretAccessKey").asText()),
                    Optional.of(Secret.of(keys.path("Token").asText())),
                    time(keys.path("Expiration").asText()));
        } catch (JsonProcessingException _) {
            throw new NoIdentity(ask.server() + ": the answer is no JSON");
        }
    }

    private String answer(Ask ask) throws NoIdentity, InterruptedException {
        try {
            Reply reply = fetch.fetch(ask);
            if (reply.isOk()) {
                return reply.body();
            }
            throw new NoIdentity(ask.server() + ": Status " + reply.status() + ": " + reply.excerpt());
        } catch (NoReply e) {
            throw new NoIdentity(e.text());
        }
    }

    private static String file(String path) throws NoIdentity {
        try {
            return Files.readString(Path.of(path)).strip();
        } catch (IOException e) {
            throw new NoIdentity("cannot read " + path + ": " + e.getClass().getSimpleName());
        }
    }

    private static String element(String xml, String name) throws NoIdentity {
        Matcher element =
                Pattern.compile("<" + name + ">([^<]+)</" + name + ">").matcher(xml);
        if (!element.find()) {
            throw new NoIdentity("the answer of STS has no " + name);
        }
        return element.group(1).strip();
    }

    private static Instant time(String text) throws NoIdentity {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException _) {
            throw new NoIdentity("credentials of AWS expire at " + text + " (expected: such as 2026-01-01T00:00:00Z)");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

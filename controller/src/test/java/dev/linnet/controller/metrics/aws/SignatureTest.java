package dev.linnet.controller.metrics.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.fetch.Ask;
import dev.linnet.routing.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Against the suite of examples that AWS publishes with Signature Version 4. */
final class SignatureTest {
    private static final Signature SIGNATURE = new Signature(
            new AwsIdentity(
                    "AKIDEXAMPLE",
                    Secret.of("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                    Optional.empty(),
                    Instant.MAX),
            "us-east-1",
            "service");
    private static final Instant THEN = Instant.parse("2015-08-30T12:36:00Z");

    @Test
    void signsGetVanilla() {
        Ask signed = SIGNATURE.sign(Ask.get(URI.create("https://example.amazonaws.com/")), THEN);

        assertThat(signed.headers().get("Authorization"))
                .containsExactly("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                        + " SignedHeaders=host;x-amz-date,"
                        + " Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    }

    @Test
    void signsPostXWwwFormUrlencoded() {
        Ask post = Ask.post(
                URI.create("https://example.amazonaws.com/"), "application/x-www-form-urlencoded", "Param1=value1");

        assertThat(SIGNATURE.sign(post, THEN).headers().get("Authorization"))
                .containsExactly("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                        + " SignedHeaders=content-type;host;x-amz-date,"
                        + " Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
    }
}

package dev.linnet.gateway.smuggling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a client sends, an endpoint sees as many requests as the gateway has read, with the same methods, targets and bodies. Asked
 * of two servers that we did not write.
 */
class SmugglingProperties {
    private static final int CASES = 10_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void nettyReadsTheSameRequestThatTheGatewayHasRead(long seed) {
        Mutations mutations = new Mutations(new SplittableRandom(seed));
        Front front = new Front();
        int compared = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] sent = mutations.next();
            for (Front.Request ours : front.read(sent)) {
                compared++;
                assertThat(nettysReading(ours.onward()))
                        .as(() -> "sent: " + escaped(sent) + "\nforwarded: " + escaped(ours.onward()))
                        .containsExactly(ours.method() + " " + ours.target() + " [" + ours.body() + "]");
            }
        }
        assertThat(compared).as("requests that were compared").isGreaterThan(CASES / 5);
    }

    /** Each request with its body; what cannot be decoded stands as an error. */
    private static List<String> nettysReading(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        List<String> read = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            if (message instanceof HttpRequest request) {
                current.setLength(0);
                current.append(request.method())
                        .append(' ')
                        .append(request.uri())
                        .append(" [");
                if (request.decoderResult().isFailure()) {
                    read.add("error: " + request.decoderResult());
                }
            }
            if (message instanceof HttpContent content) {
                current.append(content.content().toString(StandardCharsets.ISO_8859_1));
                content.release();
                if (content instanceof LastHttpContent) {
                    read.add(current + "]");
                }
            }
        }
        channel.finishAndReleaseAll();
        return read;
    }

    @Test
    void nginxReadsAsManyRequestsAsTheGatewayHasRead(@TempDir Path folder) throws IOException {
        assumeTrue(NginxOrigin.isInstalled(), "nginx is not installed (on Debian: apt-get install nginx-light)");
        Mutations mutations = new Mutations(new SplittableRandom(5));
        Front front = new Front();
        int compared = 0;
        try (NginxOrigin nginx = NginxOrigin.start(folder)) {
            for (int i = 0; i < CASES / 4; i++) {
                byte[] sent = mutations.next();
                for (Front.Request ours : front.read(sent)) {
                    List<String> answers = nginx.answers(ours.onward());
                    boolean refused = answers.size() == 1 && !answers.getFirst().startsWith("200");
                    compared += refused ? 0 : 1;
                    if (!refused) { // what it refuses it does not misread
                        assertThat(answers)
                                .as(() -> "sent: " + escaped(sent) + "\nforwarded: " + escaped(ours.onward()))
                                .hasSize(2)
                                .last()
                                .isEqualTo("200 GET /behind");
                    }
                }
            }
        }
        assertThat(compared).as("requests that were compared").isGreaterThan(CASES / 20);
    }

    private static String escaped(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            switch (b) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                default -> {
                    if (b >= ' ' && b < 0x7f) {
                        text.append((char) b);
                    } else {
                        text.append(String.format("\\x%02x", b));
                    }
                }
            }
        }
        return text.toString();
    }
}

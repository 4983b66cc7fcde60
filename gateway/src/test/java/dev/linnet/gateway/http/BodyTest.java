package dev.linnet.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTest {
    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0\r\n\r\n",
                "5\r\nhello\r\n0\r\n\r\n",
                "5;a=b\r\nhello\r\n0;x=\"y\"\r\n\r\n",
                "000A\r\n0123456789\r\n1\r\n\n\r\n00\r\n\r\n",
                "0\r\nX: y\r\nGrpc-Status: 0\r\nEmpty:\r\n\r\n",
                "f\r\n0\r\n\r\n0\r\n\r\n12345\r\n0\r\n\r\n",
            })
    void findsTheEndOfChunksHoweverTheyAreCut(String body) {
        String all = body + "GET /next";
        for (int first = 0; first <= all.length(); first++) {
            for (int second = first; second <= all.length(); second += 3) {
                Body chunked = new ChunkedBody();
                int passed = 0;
                for (String piece :
                        new String[] {all.substring(0, first), all.substring(first, second), all.substring(second)}) {
                    passed += chunked.pass(bytes(piece));
                }
                assertThat(passed).isEqualTo(body.length());
                assertThat(chunked.isDone()).isTrue();
                assertThat(chunked.rejection()).isEqualTo(Rejection.NONE);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.linnet.gateway.http.Corpus#bodies")
    void refusesMalformedChunks(Corpus.Entry entry) {
        String body = new String(entry.bytes(), StandardCharsets.ISO_8859_1);
        Body whole = new ChunkedBody();
        whole.pass(bytes(body));
        Body piecemeal = new ChunkedBody();
        for (int i = 0; i < body.length() && piecemeal.rejection() == Rejection.NONE; i++) {
            piecemeal.pass(bytes(body.substring(i, i + 1)));
        }

        assertThat(whole.rejection()).isEqualTo(entry.why());
        assertThat(piecemeal.rejection()).isEqualTo(whole.rejection());
        assertThat(whole.isDone()).isFalse();
    }

    @Test
    void limitsExtensionsAndTrailers() {
        Body extended = new ChunkedBody();
        extended.pass(bytes("5;" + "a".repeat(300)));
        Body trailed = new ChunkedBody();
        trailed.pass(bytes("0\r\n" + ("X: " + "a".repeat(100) + "\r\n").repeat(100)));

        assertThat(extended.rejection()).isEqualTo(Rejection.CHUNK);
        assertThat(trailed.rejection()).isEqualTo(Rejection.TRAILER);
    }

    @Test
    void takesTheDataOutOfChunks() {
        ChunkedBody chunked = new ChunkedBody();
        StringBuilder data = new StringBuilder();
        for (String piece : new String[] {"5\r\nhe", "llo\r\n", "6\r\n world\r\n0\r\n", "\r\nrest"}) {
            ByteBuf in = bytes(piece);
            for (int length = chunked.nextData(in); length > 0; length = chunked.nextData(in)) {
                data.append(in.readCharSequence(length, StandardCharsets.ISO_8859_1));
            }
            if (chunked.isDone()) {
                assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("rest");
            }
        }

        assertThat(data).hasToString("hello world");
        assertThat(chunked.isDone()).isTrue();
    }

    @Test
    void countsAnAnnouncedLength() {
        Body sized = Body.ofLength(10);

        assertThat(sized.pass(bytes("1234"))).isEqualTo(4);
        assertThat(sized.isDone()).isFalse();
        assertThat(sized.endsByClose()).isFalse();
        assertThat(sized.pass(bytes("56789012"))).isEqualTo(6);
        assertThat(sized.isDone()).isTrue();
        assertThat(Body.none().isDone()).isTrue();
    }
}

package dev.linnet.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.http.ResponseEditor.Connection;
import dev.linnet.gateway.http.ResponseEditor.Transfer;
import dev.linnet.gateway.http.ResponseHead.Framing;
import dev.linnet.numbers.Method;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseHeadTest {
    private static final byte[] DATE = "Date: now\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ResponseHead head = new ResponseHead(HeadLimits.DEFAULT);
    private final byte[] scratch = HeadLimits.DEFAULT.newArray();

    private int scan(byte[] bytes, int end) {
        System.arraycopy(bytes, 0, scratch, 0, end);
        return head.scan(scratch, end);
    }

    private void accept(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(scan(bytes, bytes.length))
                .as(() -> head.rejection() + " " + text)
                .isEqualTo(text.length());
        for (int end = 0; end < bytes.length; end++) {
            assertThat(scan(bytes, end)).as("first " + end + " bytes").isEqualTo(Head.INCOMPLETE);
        }
        scan(bytes, bytes.length);
    }

    private String edited(Transfer transfer, Connection connection) {
        ResponseEditor editor = new ResponseEditor(HeadLimits.DEFAULT);
        editor.write(head, transfer, connection, ResponseEdits.NONE, ResponseEdits.NONE, DATE);
        return new String(editor.bytes(), 0, editor.length(), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @MethodSource("dev.linnet.gateway.http.Corpus#responses")
    void refusesMalformedHeads(Corpus.Entry entry) {
        assertThat(scan(entry.bytes(), entry.bytes().length)).isEqualTo(Head.REJECTED);
        assertThat(head.rejection()).isEqualTo(entry.why());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 200 OK, Content-Length: 5, LENGTH",
        "GET, 200 OK, Content-Length: 0, LENGTH",
        "GET, 200 OK, Transfer-Encoding: chunked, CHUNKED",
        "GET, 200 OK, X: y, UNTIL_CLOSE",
        "HEAD, 200 OK, Content-Length: 5, NONE",
        "HEAD, 200 OK, Transfer-Encoding: chunked, NONE",
        "GET, 204 No Content, X: y, NONE",
        "GET, 204 No Content, Content-Length: 5, NONE",
        "GET, 304 Not Modified, Content-Length: 5, NONE",
        "GET, 103 Early Hints, X: y, NONE",
        "POST, 404, X: y, UNTIL_CLOSE",
    })
    void knowsHowTheBodyEnds(Method method, String status, String line, Framing framing) {
        accept("HTTP/1.1 " + status + "\r\n" + line + "\r\n\r\n");

        assertThat(head.framing(method)).isEqualTo(framing);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, X: y, true",
        "HTTP/1.1, Connection: close, false",
        "HTTP/1.0, X: y, false",
        "HTTP/1.0, Connection: keep-alive, true"
    })
    void knowsWhetherTheConnectionIsKept(String version, String line, boolean kept) {
        accept(version + " 200 OK\r\n" + line + "\r\n\r\n");

        assertThat(head.keepsAlive()).isEqualTo(kept);
    }

    @Test
    void dropsWhatIsForOneHopOnly() {
        accept("HTTP/1.0 200 Fine\r\nServer: x\r\nA: 1\r\nConnection: Keep-Alive, B\r\nB: 2\r\nKeep-Alive: 5\r\n"
                + "Content-Length: 3\r\nX_Odd: kept\r\nUpgrade: h2c\r\n\r\n");

        assertThat(edited(Transfer.AS_IS, Connection.UNSAID))
                .isEqualTo("HTTP/1.1 200 Fine\r\nA: 1\r\nContent-Length: 3\r\nX_Odd: kept\r\nDate: now\r\n\r\n");
    }

    @Test
    void saysWhatBecomesOfConnectionAndBody() {
        accept("HTTP/1.1 200 OK\r\nDate: then\r\nTransfer-Encoding: chunked\r\n\r\n");

        assertThat(edited(Transfer.AS_IS, Connection.CLOSE))
                .isEqualTo("HTTP/1.1 200 OK\r\nDate: then\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        assertThat(edited(Transfer.UNTIL_CLOSE, Connection.CLOSE))
                .isEqualTo("HTTP/1.1 200 OK\r\nDate: then\r\nConnection: close\r\n\r\n");
        accept("HTTP/1.1 200 OK\r\nDate: then\r\n\r\n");
        assertThat(edited(Transfer.CHUNKS, Connection.KEEP_ALIVE))
                .isEqualTo("HTTP/1.1 200 OK\r\nDate: then\r\nTransfer-Encoding: chunked\r\n"
                        + "Connection: keep-alive\r\n\r\n");
    }

    @Test
    void takesTheLengthOffANoContent() {
        accept("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n");

        assertThat(edited(Transfer.AS_IS, Connection.UNSAID)).isEqualTo("HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n");
    }
}

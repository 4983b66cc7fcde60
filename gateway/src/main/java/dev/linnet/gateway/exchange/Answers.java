package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.ResponseEditor.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** The answers that the gateway gives itself: a status, and one line that says why. */
final class Answers {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ByteBufAllocator allocator;

    Answers(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    ByteBuf goOn() {
        return allocator.directBuffer(CONTINUE.length).writeBytes(CONTINUE);
    }

    /**
     * A whole answer.
     *
     * @param headers further lines, each with its end
     * @param reason  for a person; never what the client sent
     */
    ByteBuf answer(
            int status, String reason, String headers, Connection connection, byte[] dateLine, boolean withBody) {
        String title = status + " " + title(status);
        String body = (reason.isEmpty() ? title : title + ": " + reason) + "\n";
        String connectionLine = switch (connection) {
            case UNSAID -> "";
            case CLOSE -> "Connection: close\r\n";
            case KEEP_ALIVE -> "Connection: keep-alive\r\n";
        };
        ByteBuf answer = allocator.directBuffer(256);
        answer.writeCharSequence("HTTP/1.1 " + title + "\r\n", StandardCharsets.ISO_8859_1);
        answer.writeBytes(dateLine);
        answer.writeCharSequence(
                "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " + body.length() + "\r\n" + headers
                        + connectionLine + "\r\n" + (withBody ? body : ""),
                StandardCharsets.ISO_8859_1);
        return answer;
    }

    private static String title(int status) {
        return switch (status) {
            case 301 -> "Moved Permanently";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 431 -> "Request Header Fields Too Large";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "Error";
        };
    }
}

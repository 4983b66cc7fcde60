package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.ResponseEditor.Connection;
import dev.linnet.numbers.Failure;
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
     * @param type    of the body
     * @param body    never what the client sent
     * @param headers further lines, each with its end
     */
    ByteBuf answer(
            int status,
            String type,
            String body,
            String headers,
            Connection connection,
            byte[] dateLine,
            boolean withBody) {
        boolean bodyless = status == 204 || status == 304; // a length would be a lie (RFC 9110 §8.6)
        String title = status + " " + title(status);
        byte[] text = body.getBytes(StandardCharsets.UTF_8);
        String connectionLine = switch (connection) {
            case UNSAID -> "";
            case CLOSE -> "Connection: close\r\n";
            case KEEP_ALIVE -> "Connection: keep-alive\r\n";
        };
        ByteBuf answer = allocator.directBuffer(256);
        answer.writeCharSequence("HTTP/1.1 " + title + "\r\n", StandardCharsets.ISO_8859_1);
        answer.writeBytes(dateLine);
        answer.writeCharSequence(
                (bodyless ? "" : "Content-Type: " + type + "\r\nContent-Length: " + text.length + "\r\n")
                        + headers
                        + connectionLine
                        + "\r\n",
                StandardCharsets.ISO_8859_1);
        return withBody && !bodyless ? answer.writeBytes(text) : answer;
    }

    /** What the gateway says of its own accord: one line. */
    static String body(int status, String reason) {
        String title = status + " " + title(status);
        return (reason.isEmpty() ? title : title + ": " + reason) + "\n";
    }

    static int statusOf(Failure failure) {
        return switch (failure) {
            case CONNECT_TIMEOUT, SEND_TIMEOUT, READ_TIMEOUT -> 504;
            case CONNECT, RESET, BAD_RESPONSE -> 502;
            case NONE, BAD_REQUEST, CLIENT_TIMEOUT, CLIENT_ABORT, NO_ROUTE, NO_ENDPOINTS, OVERFLOW, STOPPED -> 500;
        };
    }

    static String reasonOf(Failure failure) {
        return switch (failure) {
            case CONNECT -> "no endpoint accepts a connection";
            case CONNECT_TIMEOUT -> "no endpoint accepts a connection in time";
            case SEND_TIMEOUT -> "the endpoint does not take the request";
            case READ_TIMEOUT -> "the endpoint does not answer in time";
            case RESET -> "the endpoint closed the connection";
            case BAD_RESPONSE -> "the endpoint's answer is malformed";
            case NONE, BAD_REQUEST, CLIENT_TIMEOUT, CLIENT_ABORT, NO_ROUTE, NO_ENDPOINTS, OVERFLOW, STOPPED -> "";
        };
    }

    private static String title(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 300 -> "Multiple Choices";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
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
            case 204 -> "No Content";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 413 -> "Content Too Large";
            case 421 -> "Misdirected Request";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            default -> "Error";
        };
    }
}

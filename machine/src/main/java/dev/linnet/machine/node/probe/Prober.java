package dev.linnet.machine.node.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.linnet.machine.Image;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks containers, from the node's address, as kubelet does. Blocks no longer than the timeout. */
public final class Prober {

    private static final Logger log = LoggerFactory.getLogger(Prober.class);
    /** Kubelet's, of the version that the API server says it is. */
    static final String USER_AGENT = "kube-probe/1.33";

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
    private static final int LONGEST_STATUS_LINE = 4_096;
    private static final int LONGEST_BODY = 10 * 1_024;
    private static final int DRAIN_MILLIS = 50;

    private final InetAddress source;

    /** @param source the address to ask from */
    public Prober(InetAddress source) {
        this.source = source;
    }

    /**
     * What came of a question.
     *
     * @param message why not, in kubelet's words; empty when it went well
     */
    public record Result(boolean success, String message) {
        static final Result OK = new Result(true, "");

        static Result failed(String message) {
            return new Result(false, message);
        }
    }

    /** Asks once. */
    public Result ask(Check check, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        return switch (check) {
            case Check.HttpGet http -> get(http, deadline);
            case Check.TcpConnect tcp -> connect(tcp, deadline);
            case Check.Grpc grpc -> call(grpc, timeout, deadline);
            case Check.Run run -> run(run, timeout);
            case Check.Unsupported _ -> Result.OK;
            case Check.Broken broken -> Result.failed(broken.problem());
        };
    }

    private static Result run(Check.Run run, Duration timeout) {
        try {
            Image.Ended ended = run.exec().run(run.command(), timeout);
            return ended.exitCode() == 0
                    ? Result.OK
                    : Result.failed(ended.output().strip());
        } catch (IOException e) {
            return Result.failed(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Result.failed("interrupted");
        }
    }

    private Result connect(Check.TcpConnect tcp, long deadline) {
        try (Socket _ = open(tcp.host(), tcp.port(), deadline)) {
            return Result.OK;
        } catch (SocketTimeoutException e) {
            return Result.failed("dial tcp %s:%d: i/o timeout".formatted(tcp.host(), tcp.port()));
        } catch (IOException e) {
            return Result.failed(dialFailure(tcp.host(), tcp.port(), e));
        }
    }

    private Result call(Check.Grpc grpc, Duration timeout, long deadline) {
        String address = grpc.host() + ":" + grpc.port();
        try (Socket socket = open(grpc.host(), grpc.port(), deadline)) {
            return GrpcHealth.ask(socket, grpc, deadline);
        } catch (SocketTimeoutException e) {
            return Result.failed("timeout: health rpc did not complete within " + timeout.toMillis() / 1_000.0 + "s");
        } catch (ConnectException e) {
            return Result.failed("error: failed to connect service \"%s\": %s"
                    .formatted(address, dialFailure(grpc.host(), grpc.port(), e)));
        } catch (IOException e) {
            return Result.failed(
                    "error: health rpc failed: " + Objects.requireNonNullElseGet(e.getMessage(), e::toString));
        }
    }

    private Result get(Check.HttpGet http, long deadline) {
        String prefix = "Get \"" + http.url() + "\": ";
        try (Socket plain = open(http.host(), http.port(), deadline)) {
            return answer(http, plain, deadline);
        } catch (SocketTimeoutException e) {
            return Result.failed(prefix + "context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        } catch (ConnectException e) {
            return Result.failed(prefix + dialFailure(http.host(), http.port(), e));
        } catch (IOException e) {
            return Result.failed(prefix + e.getMessage());
        }
    }

    private static Result answer(Check.HttpGet http, Socket plain, long deadline) throws IOException {
        plain.setSoTimeout(millisUntil(deadline));
        try (Socket socket = http.tls() ? AnyCertificate.wrap(plain, http.host(), http.port()) : plain) {
            socket.getOutputStream().write(request(http).getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            int status = status(socket, deadline);
            drain(socket);
            return status >= 200 && status < 400
                    ? Result.OK
                    : Result.failed("HTTP probe failed with statuscode: " + status);
        }
    }

    private static String request(Check.HttpGet http) {
        StringBuilder request = new StringBuilder("GET ").append(http.path()).append(" HTTP/1.1\r\n");
        boolean hasHost = false;
        for (Map.Entry<String, String> header : http.headers().entrySet()) {
            hasHost |= header.getKey().toLowerCase(Locale.ROOT).equals("host");
            request.append(header.getKey())
                    .append(": ")
                    .append(header.getValue())
                    .append("\r\n");
        }
        if (!hasHost) {
            request.append("Host: ")
                    .append(http.host())
                    .append(':')
                    .append(http.port())
                    .append("\r\n");
        }
        return request.append("User-Agent: ")
                .append(USER_AGENT)
                .append("\r\nAccept: */*\r\nConnection: close\r\n\r\n")
                .toString();
    }

    private static int status(Socket socket, long deadline) throws IOException {
        String line = statusLine(socket, deadline);
        Matcher status = STATUS_LINE.matcher(line);
        if (!status.matches()) {
            throw new IOException(line.isEmpty() ? "EOF" : "malformed HTTP status line \"" + line.strip() + "\"");
        }
        return Integer.parseInt(status.group(1));
    }

    /** Reads a small body to its end, because closing before that looks like a crash of the caller to a server. */
    private static void drain(Socket socket) {
        try {
            socket.setSoTimeout(DRAIN_MILLIS);
            byte[] rest = socket.getInputStream().readNBytes(LONGEST_BODY);
            log.atTrace().addKeyValue("bytes", rest.length).log("Probe answer read");
        } catch (IOException e) {
            log.atTrace().setCause(e).log("Probe answer not read to its end");
        }
    }

    private static String statusLine(Socket socket, long deadline) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_STATUS_LINE) {
            // An answer that drips in must not outlive the deadline either.
            socket.setSoTimeout(millisUntil(deadline));
            int next = in.read();
            if (next < 0 || next == '\n') {
                break;
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    private Socket open(String host, int port, long deadline) throws IOException {
        Socket socket = new Socket();
        try {
            InetSocketAddress target = new InetSocketAddress(host, port);
            if (target.getAddress() != null && target.getAddress().isLoopbackAddress()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(source, 0));
            }
            socket.setTcpNoDelay(true);
            socket.connect(target, millisUntil(deadline));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    static int millisUntil(long deadline) throws SocketTimeoutException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("deadline exceeded");
        }
        return Math.toIntExact(Math.min(millis, Integer.MAX_VALUE));
    }

    private static String dialFailure(String host, int port, IOException failure) {
        String why = failure instanceof ConnectException ? "connection refused" : failure.getMessage();
        return "dial tcp %s:%d: connect: %s".formatted(host, port, why);
    }
}

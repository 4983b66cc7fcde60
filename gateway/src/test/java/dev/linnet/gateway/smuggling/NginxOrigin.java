package dev.linnet.gateway.smuggling;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** An nginx that answers each request with what it has read of it, over a Unix socket. */
final class NginxOrigin implements AutoCloseable {
    private static final byte[] BEHIND =
            "GET /behind HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Process process;
    private final UnixDomainSocketAddress address;

    private NginxOrigin(Process process, Path socket) {
        this.process = process;
        this.address = UnixDomainSocketAddress.of(socket);
    }

    static boolean isInstalled() {
        return Files.isExecutable(Path.of("/usr/sbin/nginx"));
    }

    static NginxOrigin start(Path folder) throws IOException {
        Path socket = folder.resolve("nginx.sock");
        Path config = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid %1$s/nginx.pid;
                error_log stderr crit;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  server {
                    listen unix:%2$s;
                    location / { return 200 "$request_method $request_uri"; }
                  }
                }
                """.formatted(folder, socket));
        Process process = new ProcessBuilder("/usr/sbin/nginx", "-c", config.toString(), "-p", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.log").toFile())
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(socket) || !process.isAlive());
        return new NginxOrigin(process, socket);
    }

    /** What it answers to these bytes and to a plain request behind them: status and body of each. */
    List<String> answers(byte[] bytes) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(address);
            ByteBuffer all = ByteBuffer.allocate(bytes.length + BEHIND.length)
                    .put(bytes)
                    .put(BEHIND)
                    .flip();
            while (all.hasRemaining()) {
                channel.write(all);
            }
            return parsed(readToEnd(channel));
        }
    }

    private static String readToEnd(SocketChannel channel) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer room = ByteBuffer.allocate(8192);
        try {
            while (channel.read(room) >= 0) {
                answer.write(room.array(), 0, room.position());
                room.clear();
            }
        } catch (IOException e) {
            // reset after an answer to something malformed: what came is what it said
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    private static List<String> parsed(String all) {
        List<String> answers = new ArrayList<>();
        String rest = all;
        while (rest.startsWith("HTTP/1.1 ")) {
            int headEnd = rest.indexOf("\r\n\r\n") + 4;
            String head = rest.substring(0, headEnd);
            String status = head.substring(9, 12);
            int length = head.startsWith("HTTP/1.1 100") ? 0 : length(head);
            boolean bodyless = rest.startsWith("HTTP/1.1", headEnd) || rest.length() < headEnd + length;
            String body = bodyless ? "" : rest.substring(headEnd, headEnd + length);
            rest = rest.substring(headEnd + body.length());
            answers.add((status + " " + body).strip());
        }
        return answers;
    }

    private static int length(String head) {
        for (String line : head.split("\r\n", -1)) {
            if (line.startsWith("Content-Length: ")) {
                return Integer.parseInt(line.substring(16));
            }
        }
        return 0;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Header;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.http.Upgrade;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Opens a stream into a Pod: {@code exec}, {@code attach}, {@code portforward}. The agent of the Pod's node speaks the client's protocol; this server looks
 * who asks, and then carries bytes.
 */
final class PodStreams {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 10_000;
    private static final int HEAD_LIMIT = 16 << 10;
    private static final int ERROR_LIMIT = 4 << 10;

    private final NodeAgents agents;
    private final String kubeletToken;

    PodStreams(NodeAgents agents, String kubeletToken) {
        this.agents = agents;
        this.kubeletToken = kubeletToken;
    }

    /** @param command the agent's name for it: {@code exec}, {@code attach} or {@code portForward} */
    Reply open(Call call, Target target, String command) {
        Upgrade upgrade = call.upgrade().orElseThrow(() -> ApiFailure.badRequest("Upgrade request required"));
        ObjectNode pod = agents.pod(target);
        String container = command.equals("portForward")
                ? ""
                : "/" + NodeAgents.container(pod, target, call.query().text("container"));
        InetSocketAddress agent = agents.of(pod, target);
        String query = call.query().raw();
        String path = "/" + command + "/" + target.namespace() + "/" + target.name() + container
                + (query.isEmpty() ? "" : "?" + query);
        return connected(agent, head(path, agent, upgrade));
    }

    private String head(String path, InetSocketAddress agent, Upgrade upgrade) {
        StringBuilder head = new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(NodeAgents.authority(agent)).append("\r\n");
        head.append("Authorization: Bearer ").append(kubeletToken).append("\r\n");
        head.append("Connection: Upgrade\r\nUpgrade: ")
                .append(upgrade.protocol())
                .append("\r\n");
        upgrade.headers()
                .forEach(header -> head.append(header.name())
                        .append(": ")
                        .append(header.value())
                        .append("\r\n"));
        return head.append("\r\n").toString();
    }

    private static Reply connected(InetSocketAddress agent, String head) {
        Socket socket = new Socket();
        try {
            socket.connect(agent, CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            List<String> answer = answer(socket.getInputStream());
            if (!answer.getFirst().startsWith("HTTP/1.1 101")) {
                throw refused(answer, socket.getInputStream());
            }
            socket.setSoTimeout(0);
            return Reply.switched(upgradeOf(answer), socket);
        } catch (IOException e) {
            close(socket);
            throw ApiFailure.of(
                    500, "InternalError", "error dialing backend: the node's agent does not answer: " + e.getMessage());
        } catch (ApiFailure e) {
            close(socket);
            throw e;
        }
    }

    /** The status line and the headers. Byte by byte: what follows belongs to the other protocol. */
    private static List<String> answer(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int count = 0; count < HEAD_LIMIT; count++) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("it closed the connection");
            }
            if (b != '\n') {
                line.append((char) b);
            } else if (line.toString().isBlank()) {
                return lines;
            } else {
                lines.add(line.toString().strip());
                line.setLength(0);
            }
        }
        throw new IOException("its answer is too long");
    }

    private static Upgrade upgradeOf(List<String> answer) {
        String protocol = "";
        List<Header> headers = new ArrayList<>();
        for (String line : answer.subList(1, answer.size())) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1).strip();
            if (name.equalsIgnoreCase("Upgrade")) {
                protocol = value;
            } else if (Upgrade.concerns(name)) {
                headers.add(new Header(name, value));
            }
        }
        return new Upgrade(protocol, headers);
    }

    private static ApiFailure refused(List<String> answer, InputStream body) throws IOException {
        int length = answer.stream()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.startsWith("content-length:"))
                .map(line -> line.substring("content-length:".length()).strip())
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(0);
        String message = new String(body.readNBytes(Math.min(length, ERROR_LIMIT)), StandardCharsets.UTF_8).strip();
        String[] status = answer.getFirst().split(" ", 3);
        int code = status.length > 1 ? Integer.parseInt(status[1]) : 0;
        return NodeAgents.failure(code, message);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // Nothing was agreed upon; nothing is lost.
            return;
        }
    }
}

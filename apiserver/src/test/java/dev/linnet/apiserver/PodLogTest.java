package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodLogTest {
    private static final String LOG = "/api/v1/namespaces/default/pods/p/log";

    private TestServer server;
    private HttpServer kubelet;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final CountDownLatch secondLineSeen = new CountDownLatch(1);

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        server = TestServer.ephemeral(directory);
        kubelet = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        kubelet.createContext("/containerLogs/", this::answer);
        kubelet.start();
        server.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"n1\"}}");
        server.patch("/api/v1/nodes/n1/status", "merge", """
                {"status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],
                 "daemonEndpoints":{"kubeletEndpoint":{"Port":%d}}}}""".formatted(
                        kubelet.getAddress().getPort()));
        server.post("/api/v1/namespaces/default/pods", """
                {"metadata":{"name":"p"},"spec":{"nodeName":"n1","containers":[{"name":"c","image":"i"}]}}""");
    }

    @AfterEach
    void stop() {
        kubelet.stop(0);
        server.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        if (exchange.getRequestURI().toString().contains("previous")) {
            byte[] refusal = "previous terminated container not found".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(400, refusal.length);
            exchange.getResponseBody().write(refusal);
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("one\n".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        try {
            assertThat(secondLineSeen.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.getResponseBody().write("two\n".getBytes(StandardCharsets.UTF_8));
        exchange.close();
    }

    @Test
    void passesLinesOnAsTheyCome() {
        try (Stream<String> lines = server.lines(LOG + "?follow=true&tailLines=5")) {
            StringBuilder seen = new StringBuilder();
            lines.forEach(line -> {
                seen.append(line).append(' ');
                secondLineSeen.countDown();
            });

            assertThat(seen).hasToString("one two ");
        }
        assertThat(asked).containsExactly("/containerLogs/default/p/c?follow=true&tailLines=5 Bearer kubelet-secret");
    }

    @Test
    void saysWhatTheNodeSays() {
        TestServer.Answer answer = server.get(LOG + "?previous=true");

        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.message()).isEqualTo("previous terminated container not found");
    }

    @Test
    void knowsThePodsContainers() {
        assertThat(server.get(LOG + "?container=x").message()).isEqualTo("container x is not valid for pod p");
    }
}

package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForwardingTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void forwardsARequestAndItsResponse() {
        ScriptedUpstream upstream = ScriptedUpstream.answering(_ -> ok("hello"));
        world.everythingTo(upstream);

        Conversation.Response response = world.get("/path?query", "X-Request-ID: abc", "Accept: */*");

        assertThat(response.body()).isEqualTo("hello");
        assertThat(response.head()).startsWith("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: ");
        int port = world.gateway.httpAddress().getPort();
        assertThat(upstream.nextHead()).isEqualTo("""
                GET /path?query HTTP/1.1
                Host: app.example.com
                X-Request-ID: abc
                Accept: */*
                X-Forwarded-Host: app.example.com
                X-Real-IP: 127.0.0.1
                X-Forwarded-For: 127.0.0.1
                X-Forwarded-Port: %d
                X-Forwarded-Proto: http
                X-Forwarded-Scheme: http
                X-Scheme: http

                """.formatted(port).replace("\n", "\r\n"));
    }
}

package dev.linnet.gateway;

import dev.linnet.gateway.Visitor.Answer;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A client that asks several things at once on one connection of HTTP/2. */
final class StreamVisitor implements AutoCloseable {
    private final Frames frames;
    private final List<Integer> asked = new ArrayList<>();
    private int next = 1;

    StreamVisitor(Socket connected) {
        frames = Frames.over(new Conversation(connected));
    }

    StreamVisitor get(String host, String... fields) {
        ask("GET", host, true, fields);
        return this;
    }

    /** With a body of no announced length. */
    StreamVisitor post(String host, String body) {
        int stream = ask("POST", host, false);
        frames.data(stream, body.substring(0, body.length() / 2), false)
                .data(stream, body.substring(body.length() / 2), true);
        return this;
    }

    private int ask(String method, String host, boolean ended, String... fields) {
        int stream = next;
        next += 2;
        List<String> all =
                new ArrayList<>(List.of(":method", method, ":scheme", "http", ":authority", host, ":path", "/"));
        all.addAll(List.of(fields));
        frames.fields(stream, ended, all.toArray(String[]::new));
        asked.add(stream);
        return stream;
    }

    /** To all that was asked since the last call, in that order. */
    List<Answer> answers() {
        Map<Integer, Frames.Answer> answers = new TreeMap<>(frames.answers(asked));
        asked.clear();
        return answers.values().stream().map(StreamVisitor::answer).toList();
    }

    private static Answer answer(Frames.Answer said) {
        Map<String, List<String>> head = said.last();
        return new Answer(said.status(), first(head, "x-pod"), first(head, "x-heard"), said.body.toString(), true);
    }

    private static String first(Map<String, List<String>> head, String name) {
        return head.getOrDefault(name, List.of("")).getFirst();
    }

    @Override
    public void close() {
        frames.close();
    }
}

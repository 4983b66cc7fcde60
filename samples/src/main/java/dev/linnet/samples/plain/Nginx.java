package dev.linnet.samples.plain;

import dev.linnet.samples.Sample;
import dev.linnet.samples.serving.Reply;
import dev.linnet.samples.serving.SharedServer;

/** Answers one word on port 80: two of these, {@code old} and {@code new}, are the versions of a release. */
public final class Nginx implements Sample {
    private static final int PORT = 80;

    private final SharedServer server;
    private final String name;
    private final String word;

    public Nginx(SharedServer server, String name, String word) {
        this.server = server;
        this.name = name;
        this.word = word;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Running start(Setting setting) throws Exception {
        return OneLine.start(server, setting, PORT, Reply.of(200, "text/html", word + "\n"));
    }
}

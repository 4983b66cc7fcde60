package dev.linnet.samples.plain;

import dev.linnet.samples.Sample;
import dev.linnet.samples.serving.Reply;
import dev.linnet.samples.serving.SharedServer;

/** Tells on port 5000 which Pod answers, and its version: {@code $version}, else v1. */
public final class MyApp implements Sample {
    private static final int PORT = 5000;

    private final SharedServer server;

    public MyApp(SharedServer server) {
        this.server = server;
    }

    @Override
    public String name() {
        return "myapp";
    }

    @Override
    public Running start(Setting setting) throws Exception {
        String text =
                "hostname: " + setting.pod() + ", version: " + setting.env().getOrDefault("version", "v1");
        return OneLine.start(server, setting, PORT, Reply.of(200, "text/html; charset=utf-8", text));
    }
}

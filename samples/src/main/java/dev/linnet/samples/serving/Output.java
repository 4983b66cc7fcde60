package dev.linnet.samples.serving;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What an instance prints: whole lines, one write each. */
public final class Output {
    private final OutputStream out;

    public Output(OutputStream out) {
        this.out = out;
    }

    public synchronized void line(String text) {
        try {
            out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            // Like a process whose terminal is gone: nobody reads, and serving matters more.
        }
    }
}

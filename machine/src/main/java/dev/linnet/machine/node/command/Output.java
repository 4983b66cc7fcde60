package dev.linnet.machine.node.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a program's output on. What cannot be written is read all the same, because a program whose output nobody takes
 * stands still.
 */
final class Output {
    private static final Logger log = LoggerFactory.getLogger(Output.class);
    private static final int CHUNK = 8 * 1024;
    private static final long STACK = 128L * 1024;

    private final InputStream from;
    private final OutputStream to;
    private final Thread thread;

    private Output(String of, InputStream from, OutputStream to) {
        this.from = from;
        this.to = to;
        // Reads of pipes would hold on to the carrier of a virtual thread.
        this.thread = Thread.ofPlatform()
                .daemon()
                .stackSize(STACK)
                .name("output " + of)
                .unstarted(this::carry);
    }

    /** @param of whose it is, for the thread's name */
    static Output carry(String of, InputStream from, OutputStream to) {
        Output output = new Output(of, from, to);
        output.thread.start();
        return output;
    }

    private void carry() {
        byte[] chunk = new byte[CHUNK];
        boolean broken = false;
        try (from) {
            for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
                broken = broken || !written(chunk, read);
            }
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Output of a program has ended early");
        }
    }

    private boolean written(byte[] chunk, int length) {
        try {
            to.write(chunk, 0, length);
            return true;
        } catch (IOException e) {
            log.atWarn().setCause(e).log("Output of a program is lost from here on");
            return false;
        }
    }

    /** Waits until all has been carried: once nobody has the program's end of the pipe any more. */
    void await(Duration patience) throws InterruptedException {
        boolean ended = thread.join(patience);
        log.atTrace().addKeyValue("complete", ended).log("Output ended");
    }
}

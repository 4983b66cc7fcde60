package dev.linnet.machine.node.command;

import dev.linnet.machine.Image;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** A command beside a container, with somebody at its streams. */
record CommandDialogue(Processes.Started started) implements Image.Dialogue {

    /** @throws IOException when there is no such program; the message is the one that container runtimes give */
    static CommandDialogue start(Processes processes, Processes.Launch launch) throws IOException {
        List<String> words = Program.found(
                launch.words(),
                launch.environment().getOrDefault("PATH", ""),
                List.of(launch.place().workingDirectory()));
        return new CommandDialogue(processes.startOpen(launch.beside(words, launch.purpose())));
    }

    @Override
    public OutputStream input() {
        return started.process().getOutputStream();
    }

    @Override
    public InputStream output() {
        return started.process().getInputStream();
    }

    @Override
    public InputStream errors() {
        return started.process().getErrorStream();
    }

    @Override
    public int await() throws InterruptedException {
        return started.process().waitFor();
    }

    @Override
    public void kill() {
        started.kill();
    }
}

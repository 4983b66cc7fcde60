package dev.linnet.cli.up;

import dev.linnet.machine.BuiltInImage;
import dev.linnet.samples.Sample;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A sample as an image that Pods of the local cluster can run. */
record SampleImage(Sample sample) implements BuiltInImage {

    @Override
    public String name() {
        return sample.name();
    }

    @Override
    public Container start(Context context) throws Exception {
        Sample.Running running = sample.start(new Sample.Setting(
                context.pod(),
                context.tag(),
                context.address(),
                context::realPort,
                context.env(),
                context.command(),
                context.args(),
                context.files(),
                context.http(),
                context.log()));
        return new Container() {
            @Override
            public void stop(Duration grace) {
                running.stop(grace);
            }

            @Override
            public CompletableFuture<Integer> exit() {
                return running.exit();
            }
        };
    }
}

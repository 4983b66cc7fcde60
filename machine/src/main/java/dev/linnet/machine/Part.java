package dev.linnet.machine;

/**
 * One thing that works for the cluster on its own: a controller, the scheduler, a node agent. It talks to nothing but the
 * Kubernetes API, so that parts do not know each other. {@link Machine} starts all and closes them in reverse order.
 */
public interface Part extends AutoCloseable {

    /** For logs and thread names: {@code deployment-controller}. */
    String name();

    /**
     * Begins to work and returns soon, without waiting until the first lists have arrived. Called once.
     *
     * @throws RuntimeException when it cannot work at all; {@link #close()} is called then too
     */
    void start();

    /** Ends everything that {@link #start()} began, within five seconds. Harmless when repeated or never started. */
    @Override
    void close();
}

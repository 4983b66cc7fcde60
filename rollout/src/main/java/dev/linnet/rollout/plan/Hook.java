package dev.linnet.rollout.plan;

import java.time.Duration;
import java.util.Map;

/**
 * A webhook of the Canary.
 *
 * @param type     when it is called
 * @param name     how events call it
 * @param call     how it is called
 * @param muted    whether a refusal of this gate raises no alert ({@code muteAlert})
 * @param metadata what is sent with it
 */
public record Hook(HookType type, String name, Call call, boolean muted, Map<String, String> metadata) {

    /**
     * How a webhook is called.
     *
     * @param url       where
     * @param timeout   of one attempt
     * @param retries   how many further attempts
     * @param insecure  whether the server's certificate is not checked ({@code disableTLS})
     */
    public record Call(String url, Duration timeout, int retries, boolean insecure) {}

    public Hook {
        metadata = Map.copyOf(metadata);
    }
}

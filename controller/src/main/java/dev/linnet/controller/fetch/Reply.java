package dev.linnet.controller.fetch;

/** @param body as text, at most a megabyte; its secrets are hidden */
public record Reply(int status, String body) {
    private static final int SHOWN = 300;

    public boolean isOk() {
        return status >= 200 && status < 300;
    }

    /** Whether asking again may help. */
    public boolean isTransient() {
        return status >= 500 || status == 429 || status == 408;
    }

    /** The beginning of the body on one line, for messages. */
    public String excerpt() {
        String line = body.strip().replaceAll("\\s+", " ");
        return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
    }
}

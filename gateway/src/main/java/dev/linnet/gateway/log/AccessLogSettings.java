package dev.linnet.gateway.log;

import java.io.OutputStream;

/**
 * Where the access log goes, and in what form unless the ConfigMap names another.
 *
 * @param sink takes whole lines, many at once; may block as long as it likes
 */
public record AccessLogSettings(Form form, OutputStream sink) {
    public static final AccessLogSettings OFF = new AccessLogSettings(Form.OFF, OutputStream.nullOutputStream());

    /** The usual forms. */
    public enum Form {
        OFF,
        /** As ingress-nginx writes it. */
        NGINX,
        JSON
    }
}

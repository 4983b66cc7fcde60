package dev.linnet.gateway.log;

/** How values that others wrote are kept from looking like something else, as {@code escape} of nginx's {@code log_format}. */
public enum Escape {
    /** Quotes, backslashes, controls and all that is no ASCII become {@code \xHH}; what is not there is a hyphen. */
    NGINX,
    /** As in a JSON string; what is not there is empty. */
    JSON
}

package dev.linnet.cli;

/**
 * A mistake that the person at the terminal can mend: the message says what is wrong and what would be right. It is printed without a stack
 * trace, and the command ends with exit code 2.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}

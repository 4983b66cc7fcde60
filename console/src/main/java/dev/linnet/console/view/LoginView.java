package dev.linnet.console.view;

/**
 * The page before one is in.
 *
 * @param next    where to go then
 * @param problem what was wrong with the last attempt; else empty
 * @param local   whether there are one-time links here
 */
public record LoginView(Frame frame, String next, String problem, boolean local) {}

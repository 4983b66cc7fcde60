package dev.linnet.console.view;

/** A page that is none. */
public record ErrorView(Frame frame, String text, String hint) {}

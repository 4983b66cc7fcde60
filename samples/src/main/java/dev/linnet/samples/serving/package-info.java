/** What samples have in common: one HTTP server for all of them, calls and replies, and how an instance ends. */
@NullMarked
package dev.linnet.samples.serving;

import org.jspecify.annotations.NullMarked;

/** Asking others over HTTP. */
@NullMarked
package dev.linnet.console.http;

import org.jspecify.annotations.NullMarked;

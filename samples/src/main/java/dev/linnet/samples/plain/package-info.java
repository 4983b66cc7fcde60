/** Samples that answer one line of text. */
@NullMarked
package dev.linnet.samples.plain;

import org.jspecify.annotations.NullMarked;

/** A load generator that understands the options of {@code hey}. */
@NullMarked
package dev.linnet.loadtester.hey;

import org.jspecify.annotations.NullMarked;

/** {@code linnet console}: its options and the command. */
@NullMarked
package dev.linnet.cli.console;

import org.jspecify.annotations.NullMarked;

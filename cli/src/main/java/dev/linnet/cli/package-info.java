/** The linnet command. Start reading at {@link dev.linnet.cli.Linnet}. */
@NullMarked
package dev.linnet.cli;

import org.jspecify.annotations.NullMarked;

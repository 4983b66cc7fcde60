/** The linnet command. Start reading at Linnet. */
@NullMarked
package dev.linnet.cli;

import org.jspecify.annotations.NullMarked;

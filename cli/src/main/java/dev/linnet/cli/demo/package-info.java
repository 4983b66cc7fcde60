/** One release after the other, told as a story: {@code linnet demo}. */
@NullMarked
package dev.linnet.cli.demo;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.linnet.console;

import org.jspecify.annotations.NullMarked;

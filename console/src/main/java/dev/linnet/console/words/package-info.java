/** English and Chinese. */
@NullMarked
package dev.linnet.console.words;

import org.jspecify.annotations.NullMarked;

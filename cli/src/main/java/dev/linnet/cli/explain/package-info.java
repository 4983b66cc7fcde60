/** What a request would meet, and why: {@code linnet explain}. */
@NullMarked
package dev.linnet.cli.explain;

import org.jspecify.annotations.NullMarked;

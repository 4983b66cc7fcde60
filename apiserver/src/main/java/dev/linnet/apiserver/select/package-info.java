/** Label and field selectors. */
@NullMarked
package dev.linnet.apiserver.select;

import org.jspecify.annotations.NullMarked;

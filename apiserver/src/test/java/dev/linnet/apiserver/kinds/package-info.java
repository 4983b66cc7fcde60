/** Tests of the kinds: golden documents under {@code resources/kinds}, and what is easier said in code. */
@NullMarked
package dev.linnet.apiserver.kinds;

import org.jspecify.annotations.NullMarked;

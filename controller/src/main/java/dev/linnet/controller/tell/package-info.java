/** Events and alerts. */
@NullMarked
package dev.linnet.controller.tell;

import org.jspecify.annotations.NullMarked;

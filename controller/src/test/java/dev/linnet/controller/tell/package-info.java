@NullMarked
package dev.linnet.controller.tell;

import org.jspecify.annotations.NullMarked;

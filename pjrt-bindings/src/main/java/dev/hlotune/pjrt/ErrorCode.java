package dev.hlotune.pjrt;

import dev.hlotune.pjrt.gen.PjrtHeader;

/** What kind of failure a plugin reports; the codes are those of Abseil's {@code Status}. */
public enum ErrorCode {
  CANCELLED(PjrtHeader.PJRT_Error_Code_CANCELLED()),
  UNKNOWN(PjrtHeader.PJRT_Error_Code_UNKNOWN()),
  INVALID_ARGUMENT(PjrtHeader.PJRT_Error_Code_INVALID_ARGUMENT()),
  DEADLINE_EXCEEDED(PjrtHeader.PJRT_Error_Code_DEADLINE_EXCEEDED()),
  NOT_FOUND(PjrtHeader.PJRT_Error_Code_NOT_FOUND()),
  ALREADY_EXISTS(PjrtHeader.PJRT_Error_Code_ALREADY_EXISTS()),
  PERMISSION_DENIED(PjrtHeader.PJRT_Error_Code_PERMISSION_DENIED()),
  RESOURCE_EXHAUSTED(PjrtHeader.PJRT_Error_Code_RESOURCE_EXHAUSTED()),
  FAILED_PRECONDITION(PjrtHeader.PJRT_Error_Code_FAILED_PRECONDITION()),
  ABORTED(PjrtHeader.PJRT_Error_Code_ABORTED()),
  OUT_OF_RANGE(PjrtHeader.PJRT_Error_Code_OUT_OF_RANGE()),
  UNIMPLEMENTED(PjrtHeader.PJRT_Error_Code_UNIMPLEMENTED()),
  INTERNAL(PjrtHeader.PJRT_Error_Code_INTERNAL()),
  UNAVAILABLE(PjrtHeader.PJRT_Error_Code_UNAVAILABLE()),
  DATA_LOSS(PjrtHeader.PJRT_Error_Code_DATA_LOSS()),
  UNAUTHENTICATED(PjrtHeader.PJRT_Error_Code_UNAUTHENTICATED());

  private final int value;

  ErrorCode(int value) {
    this.value = value;
  }

  /** Its number in the C API. */
  int value() {
    return value;
  }

  /** The code of that number, {@link #UNKNOWN} for a number that this version does not know. */
  static ErrorCode of(int value) {
    for (ErrorCode code : values()) {
      if (code.value == value) {
        return code;
      }
    }
    return UNKNOWN;
  }
}

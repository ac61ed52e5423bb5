package dev.hlotune.pjrt.internal;

import dev.hlotune.pjrt.gen.PJRT_Api;
import dev.hlotune.pjrt.gen.PjrtHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * Every function of the C API that these bindings call: where its pointer stands in {@code
 * PJRT_Api} and how large its argument structure was in the header that the bindings were made
 * from.
 */
public enum Function {
  ASYNC_HOST_TO_DEVICE_TRANSFER_MANAGER_DESTROY(
      "PJRT_AsyncHostToDeviceTransferManager_Destroy",
      PJRT_Api.PJRT_AsyncHostToDeviceTransferManager_Destroy$offset(),
      PjrtHeader.PJRT_AsyncHostToDeviceTransferManager_Destroy_Args_STRUCT_SIZE()),
  ASYNC_HOST_TO_DEVICE_TRANSFER_MANAGER_RETRIEVE_BUFFER(
      "PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer",
      PJRT_Api.PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer$offset(),
      PjrtHeader.PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args_STRUCT_SIZE()),
  ASYNC_HOST_TO_DEVICE_TRANSFER_MANAGER_TRANSFER_DATA(
      "PJRT_AsyncHostToDeviceTransferManager_TransferData",
      PJRT_Api.PJRT_AsyncHostToDeviceTransferManager_TransferData$offset(),
      PjrtHeader.PJRT_AsyncHostToDeviceTransferManager_TransferData_Args_STRUCT_SIZE()),
  BUFFER_COPY_RAW_TO_HOST(
      "PJRT_Buffer_CopyRawToHost",
      PJRT_Api.PJRT_Buffer_CopyRawToHost$offset(),
      PjrtHeader.PJRT_Buffer_CopyRawToHost_Args_STRUCT_SIZE()),
  BUFFER_COPY_TO_DEVICE(
      "PJRT_Buffer_CopyToDevice",
      PJRT_Api.PJRT_Buffer_CopyToDevice$offset(),
      PjrtHeader.PJRT_Buffer_CopyToDevice_Args_STRUCT_SIZE()),
  BUFFER_DESTROY(
      "PJRT_Buffer_Destroy",
      PJRT_Api.PJRT_Buffer_Destroy$offset(),
      PjrtHeader.PJRT_Buffer_Destroy_Args_STRUCT_SIZE()),
  BUFFER_ON_DEVICE_SIZE_IN_BYTES(
      "PJRT_Buffer_OnDeviceSizeInBytes",
      PJRT_Api.PJRT_Buffer_OnDeviceSizeInBytes$offset(),
      PjrtHeader.PJRT_Buffer_OnDeviceSizeInBytes_Args_STRUCT_SIZE()),
  BUFFER_READY_EVENT(
      "PJRT_Buffer_ReadyEvent",
      PJRT_Api.PJRT_Buffer_ReadyEvent$offset(),
      PjrtHeader.PJRT_Buffer_ReadyEvent_Args_STRUCT_SIZE()),
  BUFFER_TO_HOST_BUFFER(
      "PJRT_Buffer_ToHostBuffer",
      PJRT_Api.PJRT_Buffer_ToHostBuffer$offset(),
      PjrtHeader.PJRT_Buffer_ToHostBuffer_Args_STRUCT_SIZE()),
  CLIENT_ADDRESSABLE_DEVICES(
      "PJRT_Client_AddressableDevices",
      PJRT_Api.PJRT_Client_AddressableDevices$offset(),
      PjrtHeader.PJRT_Client_AddressableDevices_Args_STRUCT_SIZE()),
  CLIENT_BUFFER_FROM_HOST_BUFFER(
      "PJRT_Client_BufferFromHostBuffer",
      PJRT_Api.PJRT_Client_BufferFromHostBuffer$offset(),
      PjrtHeader.PJRT_Client_BufferFromHostBuffer_Args_STRUCT_SIZE()),
  CLIENT_COMPILE(
      "PJRT_Client_Compile",
      PJRT_Api.PJRT_Client_Compile$offset(),
      PjrtHeader.PJRT_Client_Compile_Args_STRUCT_SIZE()),
  CLIENT_CREATE(
      "PJRT_Client_Create",
      PJRT_Api.PJRT_Client_Create$offset(),
      PjrtHeader.PJRT_Client_Create_Args_STRUCT_SIZE()),
  CLIENT_CREATE_BUFFERS_FOR_ASYNC_HOST_TO_DEVICE(
      "PJRT_Client_CreateBuffersForAsyncHostToDevice",
      PJRT_Api.PJRT_Client_CreateBuffersForAsyncHostToDevice$offset(),
      PjrtHeader.PJRT_Client_CreateBuffersForAsyncHostToDevice_Args_STRUCT_SIZE()),
  CLIENT_DESTROY(
      "PJRT_Client_Destroy",
      PJRT_Api.PJRT_Client_Destroy$offset(),
      PjrtHeader.PJRT_Client_Destroy_Args_STRUCT_SIZE()),
  CLIENT_DEVICES(
      "PJRT_Client_Devices",
      PJRT_Api.PJRT_Client_Devices$offset(),
      PjrtHeader.PJRT_Client_Devices_Args_STRUCT_SIZE()),
  CLIENT_PLATFORM_NAME(
      "PJRT_Client_PlatformName",
      PJRT_Api.PJRT_Client_PlatformName$offset(),
      PjrtHeader.PJRT_Client_PlatformName_Args_STRUCT_SIZE()),
  CLIENT_PLATFORM_VERSION(
      "PJRT_Client_PlatformVersion",
      PJRT_Api.PJRT_Client_PlatformVersion$offset(),
      PjrtHeader.PJRT_Client_PlatformVersion_Args_STRUCT_SIZE()),
  CLIENT_PROCESS_INDEX(
      "PJRT_Client_ProcessIndex",
      PJRT_Api.PJRT_Client_ProcessIndex$offset(),
      PjrtHeader.PJRT_Client_ProcessIndex_Args_STRUCT_SIZE()),
  CLIENT_TOPOLOGY_DESCRIPTION(
      "PJRT_Client_TopologyDescription",
      PJRT_Api.PJRT_Client_TopologyDescription$offset(),
      PjrtHeader.PJRT_Client_TopologyDescription_Args_STRUCT_SIZE()),
  COMPILE(
      "PJRT_Compile", PJRT_Api.PJRT_Compile$offset(), PjrtHeader.PJRT_Compile_Args_STRUCT_SIZE()),
  DEVICE_ADDRESSABLE_MEMORIES(
      "PJRT_Device_AddressableMemories",
      PJRT_Api.PJRT_Device_AddressableMemories$offset(),
      PjrtHeader.PJRT_Device_AddressableMemories_Args_STRUCT_SIZE()),
  DEVICE_DEFAULT_MEMORY(
      "PJRT_Device_DefaultMemory",
      PJRT_Api.PJRT_Device_DefaultMemory$offset(),
      PjrtHeader.PJRT_Device_DefaultMemory_Args_STRUCT_SIZE()),
  DEVICE_DESCRIPTION_ATTRIBUTES(
      "PJRT_DeviceDescription_Attributes",
      PJRT_Api.PJRT_DeviceDescription_Attributes$offset(),
      PjrtHeader.PJRT_DeviceDescription_Attributes_Args_STRUCT_SIZE()),
  DEVICE_DESCRIPTION_DEBUG_STRING(
      "PJRT_DeviceDescription_DebugString",
      PJRT_Api.PJRT_DeviceDescription_DebugString$offset(),
      PjrtHeader.PJRT_DeviceDescription_DebugString_Args_STRUCT_SIZE()),
  DEVICE_DESCRIPTION_ID(
      "PJRT_DeviceDescription_Id",
      PJRT_Api.PJRT_DeviceDescription_Id$offset(),
      PjrtHeader.PJRT_DeviceDescription_Id_Args_STRUCT_SIZE()),
  DEVICE_DESCRIPTION_KIND(
      "PJRT_DeviceDescription_Kind",
      PJRT_Api.PJRT_DeviceDescription_Kind$offset(),
      PjrtHeader.PJRT_DeviceDescription_Kind_Args_STRUCT_SIZE()),
  DEVICE_DESCRIPTION_PROCESS_INDEX(
      "PJRT_DeviceDescription_ProcessIndex",
      PJRT_Api.PJRT_DeviceDescription_ProcessIndex$offset(),
      PjrtHeader.PJRT_DeviceDescription_ProcessIndex_Args_STRUCT_SIZE()),
  DEVICE_GET_DESCRIPTION(
      "PJRT_Device_GetDescription",
      PJRT_Api.PJRT_Device_GetDescription$offset(),
      PjrtHeader.PJRT_Device_GetDescription_Args_STRUCT_SIZE()),
  DEVICE_IS_ADDRESSABLE(
      "PJRT_Device_IsAddressable",
      PJRT_Api.PJRT_Device_IsAddressable$offset(),
      PjrtHeader.PJRT_Device_IsAddressable_Args_STRUCT_SIZE()),
  DEVICE_MEMORY_STATS(
      "PJRT_Device_MemoryStats",
      PJRT_Api.PJRT_Device_MemoryStats$offset(),
      PjrtHeader.PJRT_Device_MemoryStats_Args_STRUCT_SIZE()),
  ERROR_DESTROY(
      "PJRT_Error_Destroy",
      PJRT_Api.PJRT_Error_Destroy$offset(),
      PjrtHeader.PJRT_Error_Destroy_Args_STRUCT_SIZE()),
  ERROR_GET_CODE(
      "PJRT_Error_GetCode",
      PJRT_Api.PJRT_Error_GetCode$offset(),
      PjrtHeader.PJRT_Error_GetCode_Args_STRUCT_SIZE()),
  ERROR_MESSAGE(
      "PJRT_Error_Message",
      PJRT_Api.PJRT_Error_Message$offset(),
      PjrtHeader.PJRT_Error_Message_Args_STRUCT_SIZE()),
  EVENT_AWAIT(
      "PJRT_Event_Await",
      PJRT_Api.PJRT_Event_Await$offset(),
      PjrtHeader.PJRT_Event_Await_Args_STRUCT_SIZE()),
  EVENT_DESTROY(
      "PJRT_Event_Destroy",
      PJRT_Api.PJRT_Event_Destroy$offset(),
      PjrtHeader.PJRT_Event_Destroy_Args_STRUCT_SIZE()),
  EVENT_IS_READY(
      "PJRT_Event_IsReady",
      PJRT_Api.PJRT_Event_IsReady$offset(),
      PjrtHeader.PJRT_Event_IsReady_Args_STRUCT_SIZE()),
  EXECUTABLE_DESERIALIZE_AND_LOAD(
      "PJRT_Executable_DeserializeAndLoad",
      PJRT_Api.PJRT_Executable_DeserializeAndLoad$offset(),
      PjrtHeader.PJRT_Executable_DeserializeAndLoad_Args_STRUCT_SIZE()),
  EXECUTABLE_DESTROY(
      "PJRT_Executable_Destroy",
      PJRT_Api.PJRT_Executable_Destroy$offset(),
      PjrtHeader.PJRT_Executable_Destroy_Args_STRUCT_SIZE()),
  EXECUTABLE_FINGERPRINT(
      "PJRT_Executable_Fingerprint",
      PJRT_Api.PJRT_Executable_Fingerprint$offset(),
      PjrtHeader.PJRT_Executable_Fingerprint_Args_STRUCT_SIZE()),
  EXECUTABLE_GET_COMPILED_MEMORY_STATS(
      "PJRT_Executable_GetCompiledMemoryStats",
      PJRT_Api.PJRT_Executable_GetCompiledMemoryStats$offset(),
      PjrtHeader.PJRT_Executable_GetCompiledMemoryStats_Args_STRUCT_SIZE()),
  EXECUTABLE_GET_COST_ANALYSIS(
      "PJRT_Executable_GetCostAnalysis",
      PJRT_Api.PJRT_Executable_GetCostAnalysis$offset(),
      PjrtHeader.PJRT_Executable_GetCostAnalysis_Args_STRUCT_SIZE()),
  EXECUTABLE_NAME(
      "PJRT_Executable_Name",
      PJRT_Api.PJRT_Executable_Name$offset(),
      PjrtHeader.PJRT_Executable_Name_Args_STRUCT_SIZE()),
  EXECUTABLE_NUM_OUTPUTS(
      "PJRT_Executable_NumOutputs",
      PJRT_Api.PJRT_Executable_NumOutputs$offset(),
      PjrtHeader.PJRT_Executable_NumOutputs_Args_STRUCT_SIZE()),
  EXECUTABLE_OPTIMIZED_PROGRAM(
      "PJRT_Executable_OptimizedProgram",
      PJRT_Api.PJRT_Executable_OptimizedProgram$offset(),
      PjrtHeader.PJRT_Executable_OptimizedProgram_Args_STRUCT_SIZE()),
  EXECUTABLE_OUTPUT_DIMENSIONS(
      "PJRT_Executable_OutputDimensions",
      PJRT_Api.PJRT_Executable_OutputDimensions$offset(),
      PjrtHeader.PJRT_Executable_OutputDimensions_Args_STRUCT_SIZE()),
  EXECUTABLE_OUTPUT_ELEMENT_TYPES(
      "PJRT_Executable_OutputElementTypes",
      PJRT_Api.PJRT_Executable_OutputElementTypes$offset(),
      PjrtHeader.PJRT_Executable_OutputElementTypes_Args_STRUCT_SIZE()),
  EXECUTABLE_SERIALIZE(
      "PJRT_Executable_Serialize",
      PJRT_Api.PJRT_Executable_Serialize$offset(),
      PjrtHeader.PJRT_Executable_Serialize_Args_STRUCT_SIZE()),
  LOADED_EXECUTABLE_ADDRESSABLE_DEVICES(
      "PJRT_LoadedExecutable_AddressableDevices",
      PJRT_Api.PJRT_LoadedExecutable_AddressableDevices$offset(),
      PjrtHeader.PJRT_LoadedExecutable_AddressableDevices_Args_STRUCT_SIZE()),
  LOADED_EXECUTABLE_DESTROY(
      "PJRT_LoadedExecutable_Destroy",
      PJRT_Api.PJRT_LoadedExecutable_Destroy$offset(),
      PjrtHeader.PJRT_LoadedExecutable_Destroy_Args_STRUCT_SIZE()),
  LOADED_EXECUTABLE_EXECUTE(
      "PJRT_LoadedExecutable_Execute",
      PJRT_Api.PJRT_LoadedExecutable_Execute$offset(),
      PjrtHeader.PJRT_LoadedExecutable_Execute_Args_STRUCT_SIZE()),
  LOADED_EXECUTABLE_GET_EXECUTABLE(
      "PJRT_LoadedExecutable_GetExecutable",
      PJRT_Api.PJRT_LoadedExecutable_GetExecutable$offset(),
      PjrtHeader.PJRT_LoadedExecutable_GetExecutable_Args_STRUCT_SIZE()),
  MEMORY_KIND(
      "PJRT_Memory_Kind",
      PJRT_Api.PJRT_Memory_Kind$offset(),
      PjrtHeader.PJRT_Memory_Kind_Args_STRUCT_SIZE()),
  PLUGIN_ATTRIBUTES(
      "PJRT_Plugin_Attributes",
      PJRT_Api.PJRT_Plugin_Attributes$offset(),
      PjrtHeader.PJRT_Plugin_Attributes_Args_STRUCT_SIZE()),
  PLUGIN_INITIALIZE(
      "PJRT_Plugin_Initialize",
      PJRT_Api.PJRT_Plugin_Initialize$offset(),
      PjrtHeader.PJRT_Plugin_Initialize_Args_STRUCT_SIZE()),
  TOPOLOGY_DESCRIPTION_ATTRIBUTES(
      "PJRT_TopologyDescription_Attributes",
      PJRT_Api.PJRT_TopologyDescription_Attributes$offset(),
      PjrtHeader.PJRT_TopologyDescription_Attributes_Args_STRUCT_SIZE()),
  TOPOLOGY_DESCRIPTION_CREATE(
      "PJRT_TopologyDescription_Create",
      PJRT_Api.PJRT_TopologyDescription_Create$offset(),
      PjrtHeader.PJRT_TopologyDescription_Create_Args_STRUCT_SIZE()),
  TOPOLOGY_DESCRIPTION_DESTROY(
      "PJRT_TopologyDescription_Destroy",
      PJRT_Api.PJRT_TopologyDescription_Destroy$offset(),
      PjrtHeader.PJRT_TopologyDescription_Destroy_Args_STRUCT_SIZE()),
  TOPOLOGY_DESCRIPTION_GET_DEVICE_DESCRIPTIONS(
      "PJRT_TopologyDescription_GetDeviceDescriptions",
      PJRT_Api.PJRT_TopologyDescription_GetDeviceDescriptions$offset(),
      PjrtHeader.PJRT_TopologyDescription_GetDeviceDescriptions_Args_STRUCT_SIZE()),
  TOPOLOGY_DESCRIPTION_PLATFORM_NAME(
      "PJRT_TopologyDescription_PlatformName",
      PJRT_Api.PJRT_TopologyDescription_PlatformName$offset(),
      PjrtHeader.PJRT_TopologyDescription_PlatformName_Args_STRUCT_SIZE()),
  TOPOLOGY_DESCRIPTION_PLATFORM_VERSION(
      "PJRT_TopologyDescription_PlatformVersion",
      PJRT_Api.PJRT_TopologyDescription_PlatformVersion$offset(),
      PjrtHeader.PJRT_TopologyDescription_PlatformVersion_Args_STRUCT_SIZE()),
  TOPOLOGY_DESCRIPTION_SERIALIZE(
      "PJRT_TopologyDescription_Serialize",
      PJRT_Api.PJRT_TopologyDescription_Serialize$offset(),
      PjrtHeader.PJRT_TopologyDescription_Serialize_Args_STRUCT_SIZE());

  private final String symbol;
  private final long offset;
  private final long size;

  Function(String symbol, long offset, int size) {
    this.symbol = symbol;
    this.offset = offset;
    this.size = size;
  }

  /** Its name in the header. */
  public String symbol() {
    return symbol;
  }

  /** Where its pointer stands in {@code PJRT_Api}, in bytes. */
  long offset() {
    return offset;
  }

  /**
   * A zeroed argument structure that knows its own size.
   *
   * @param allocator owns the structure; a confined arena of the call, or of a frame used again
   */
  public MemorySegment arguments(SegmentAllocator allocator) {
    // Sized by the last field, as the C macro does; the storage is rounded up to the alignment.
    MemorySegment structure = allocator.allocate((size + 7) & -8, 8).fill((byte) 0);
    structure.set(ValueLayout.JAVA_LONG, 0, size);
    return structure;
  }
}

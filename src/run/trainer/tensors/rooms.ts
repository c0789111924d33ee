/** Memory for pieces that are read one after the other: of two, one is looked at while the other is filled. */
export function twoRooms(): (bytes: number) => Uint8Array {
  const rooms = [new ArrayBuffer(0), new ArrayBuffer(0)];
  let turn = 0;
  return (bytes) => {
    turn = 1 - turn;
    if (rooms[turn].byteLength < bytes) rooms[turn] = new ArrayBuffer(bytes);
    return new Uint8Array(rooms[turn], 0, bytes);
  };
}
